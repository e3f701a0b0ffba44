package launcher;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.jar.JarInputStream;

/** Loads an application out of BOOT-INF/classes and the JARs of BOOT-INF/lib, all inside of the JAR it is in. */
public class Launcher extends ClassLoader {
    private final Map<String, byte[]> classes = new HashMap<>();

    private Launcher(JarFile jar) throws Exception {
        super(Launcher.class.getClassLoader());
        for (var entry : java.util.Collections.list(jar.entries())) {
            String name = entry.getName();
            try (InputStream content = jar.getInputStream(entry)) {
                if (name.startsWith("BOOT-INF/classes/") && name.endsWith(".class")) {
                    keep(name.substring("BOOT-INF/classes/".length()), content.readAllBytes());
                } else if (name.startsWith("BOOT-INF/lib/") && name.endsWith(".jar")) {
                    keepAll(new JarInputStream(new ByteArrayInputStream(content.readAllBytes())));
                }
            }
        }
    }

    private void keep(String file, byte[] code) {
        classes.put(file.substring(0, file.length() - ".class".length()).replace('/', '.'), code);
    }

    private void keepAll(JarInputStream nested) throws Exception {
        for (var entry = nested.getNextJarEntry(); entry != null; entry = nested.getNextJarEntry()) {
            if (entry.getName().endsWith(".class")) {
                keep(entry.getName(), nested.readAllBytes());
            }
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] code = classes.get(name);
        if (code == null) {
            throw new ClassNotFoundException(name);
        }
        return defineClass(name, code, 0, code.length);
    }

    public static void main(String[] arguments) throws Exception {
        String path = Launcher.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        try (JarFile jar = new JarFile(path)) {
            String start = jar.getManifest().getMainAttributes().getValue("Start-Class");
            Class<?> application = new Launcher(jar).loadClass(start);
            application.getMethod("main", String[].class).invoke(null, (Object) arguments);
        }
    }
}
