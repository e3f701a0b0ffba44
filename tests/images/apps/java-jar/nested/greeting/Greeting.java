package greeting;

public class Greeting {
    public static String hello() {
        return "hello from a JAR in a JAR";
    }
}
