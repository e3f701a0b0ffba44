<%@ page contentType="text/plain" %>1 + 1 = <%= 1 + 1 %>, motto <%= application.getInitParameter("motto") %>
