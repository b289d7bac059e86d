package io.genericpool.examples;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Top-level classes that know each other, directly or by others; nested classes count with the class around them. */
final class Circles {
    private final Map<String, Set<String>> known = new HashMap<>();
    private final List<Set<String>> circles = new ArrayList<>();

    /** Looks at the classes of one package and of those below it. */
    Circles(JavaClasses classes, String root) {
        for (JavaClass type : classes) {
            if (type.getPackageName().startsWith(root)) {
                Set<String> targets = known.computeIfAbsent(topLevel(type), name -> new TreeSet<>());
                type.getDirectDependenciesFromSelf().stream()
                        .map(Dependency::getTargetClass)
                        .filter(target -> target.getPackageName().startsWith(root))
                        .forEach(target -> targets.add(topLevel(target)));
            }
        }
        var reached = new HashMap<String, Set<String>>();
        known.keySet().forEach(name -> reached.put(name, reachedFrom(name)));
        known.keySet().forEach(name -> {
            var circle = new TreeSet<>(reached.get(name));
            circle.removeIf(other -> !reached.get(other).contains(name));
            if (circle.size() > 1 && !circles.contains(circle)) {
                circles.add(circle);
            }
        });
    }

    private static String topLevel(JavaClass type) {
        String name = type.getBaseComponentType().getName();
        int dollar = name.indexOf('$');
        return dollar < 0 ? name : name.substring(0, dollar);
    }

    private Set<String> reachedFrom(String start) {
        var reached = new TreeSet<String>();
        var open = new ArrayDeque<String>(List.of(start));
        while (!open.isEmpty()) {
            for (String next : known.getOrDefault(open.remove(), Set.of())) {
                if (reached.add(next)) {
                    open.add(next);
                }
            }
        }
        return reached;
    }

    /** The largest one, or an empty set. */
    Set<String> largest() {
        Set<String> largest = Set.of();
        for (Set<String> circle : circles) {
            largest = circle.size() > largest.size() ? circle : largest;
        }
        return largest;
    }

    /** Those with classes of more than one package. */
    List<Set<String>> betweenPackages() {
        return circles.stream()
                .filter(circle -> circle.stream()
                                .map(name -> name.substring(0, name.lastIndexOf('.')))
                                .distinct()
                                .count()
                        > 1)
                .toList();
    }
}
