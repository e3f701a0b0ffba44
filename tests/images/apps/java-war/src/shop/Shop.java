package shop;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Counts visits of a session, and writes a line for each request. */
public class Shop extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var session = request.getSession();
        Integer before = (Integer) session.getAttribute("visits");
        int visits = before == null ? 1 : before + 1;
        session.setAttribute("visits", visits);
        System.out.println("visit " + visits + " of " + request.getContextPath() + "/");
        Path kept = Files.createTempFile("shop", ".txt");
        response.setContentType("text/plain;charset=UTF-8");
        response.getWriter().println("shop at '" + request.getContextPath() + "', visit " + visits + ", "
            + request.getScheme() + ", temporary " + kept.getParent() + ", grüß Gott");
        Files.delete(kept);
    }
}
