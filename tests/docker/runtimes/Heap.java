import java.util.ArrayList;
import java.util.List;

/** Until the limit of -Xmx, or the container's if that is lower. */
public class Heap {
  public static void main(String[] arguments) {
    List<byte[]> all = new ArrayList<>();
    for (;;) {
      all.add(new byte[1 << 20]);
    }
  }
}
