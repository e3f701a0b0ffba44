package app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.management.HotSpotDiagnosticMXBean;
import farewell.Farewell;
import greeting.Greeting;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;

/** An HTTP server by itself; with "facts" among its arguments it tells what it was started with, and ends with 7. */
public class Main {
    private static final List<byte[]> KEPT = new ArrayList<>();

    public static void main(String[] arguments) throws IOException {
        if (Arrays.asList(arguments).contains("facts")) {
            tellFacts(arguments);
            System.exit(7);
        }
        int port = Integer.parseInt(System.getenv("SERVER_PORT"));
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
        server.setExecutor(Executors.newFixedThreadPool(2));
        server.createContext("/", Main::greet);
        server.createContext("/leak", Main::leak);
        server.start();
        System.out.println("listening on " + port);
    }

    private static void tellFacts(String[] arguments) {
        var machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        System.out.println("arguments " + Arrays.toString(arguments));
        System.out.println("heap " + Long.parseLong(machine.getVMOption("MaxHeapSize").getValue()) / 1048576);
        System.out.println("property " + System.getProperty("some"));
        System.out.println("home " + System.getProperty("user.home"));
        System.out.println("directory " + System.getProperty("user.dir"));
    }

    private static void greet(HttpExchange exchange) throws IOException {
        System.out.println("asked for " + exchange.getRequestURI());
        byte[] text = (Greeting.hello() + ", " + Farewell.words() + "\n").getBytes();
        exchange.sendResponseHeaders(200, text.length);
        exchange.getResponseBody().write(text);
        exchange.close();
    }

    private static void leak(HttpExchange exchange) {
        while (true) {
            KEPT.add(new byte[4 << 20]);
        }
    }
}
