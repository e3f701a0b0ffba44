package farewell;

public class Farewell {
    public static String words() {
        return "goodbye from a JAR beside it";
    }
}
