package dev.ostrakon.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Checks the arrows between modules, and what the deterministic cores must never touch. */
final class ArchitectureTest {
  private static final String[] VERTX = {"io.vertx.", "io.netty."};
  private static final String[] VERTX_AND_PROTOBUF = {
    "io.vertx.",
    "io.netty.",
    "com.google.protobuf.",
    "org.slf4j.",
    "ch.qos.logback.",
    "org.snakeyaml.engine."
  };

  /** The table of allowed arrows: a root that it does not name fails the build. */
  private static final Map<String, ModuleRule> RULES =
      List.of(
              ModuleRule.core("hlc"),
              ModuleRule.core("model", "hlc"),
              ModuleRule.core("raft"),
              ModuleRule.core("replica", "raft"),
              ModuleRule.core("group", "raft", "replica", "model", "hlc"),
              ModuleRule.core("controller", "raft", "replica", "model", "hlc"),
              ModuleRule.core("storage", "raft", "replica")
                  .with("jetbrains.exodus.", "org.slf4j.", "org.HdrHistogram.", "kotlin."),
              ModuleRule.core("protocol", "model", "hlc").with("io.vertx.", "com.google.protobuf."),
              ModuleRule.core("txn", "model", "hlc"),
              ModuleRule.core("checker"),
              ModuleRule.core(
                  "simulation",
                  "raft",
                  "replica",
                  "group",
                  "controller",
                  "txn",
                  "model",
                  "hlc",
                  "checker"),
              ModuleRule.core("client", "protocol", "model", "hlc")
                  .with("io.vertx.", "com.google.protobuf.", "org.slf4j."),
              ModuleRule.core(
                      "node",
                      "raft",
                      "replica",
                      "group",
                      "controller",
                      "txn",
                      "storage",
                      "protocol",
                      "model",
                      "hlc")
                  .with(VERTX_AND_PROTOBUF),
              ModuleRule.core("examples", "client", "protocol", "node", "model", "hlc")
                  .with("org.HdrHistogram."),
              ModuleRule.core(
                      "benchmarks",
                      "client",
                      "protocol",
                      "node",
                      "storage",
                      "raft",
                      "replica",
                      "model",
                      "hlc")
                  .with("org.openjdk.jmh.", "org.HdrHistogram.", VERTX[0]),
              ModuleRule.core(
                      "cli",
                      "client",
                      "protocol",
                      "examples",
                      "node",
                      "checker",
                      "simulation",
                      "benchmarks",
                      "raft",
                      "model",
                      "hlc")
                  .with("picocli.", "io.vertx.", "org.slf4j.", "com.fasterxml.jackson."))
          .stream()
          .collect(Collectors.toUnmodifiableMap(ModuleRule::root, Function.identity()));

  /** The roots whose classes decide and never touch the world (R1, R6, R75). */
  private static final Set<String> CORES =
      Set.of("hlc", "model", "raft", "replica", "group", "controller", "txn", "checker");

  /**
   * Modules that see the records of {@code protocol} that the client hands out, such as a status,
   * but never the generated classes.
   */
  private static final Set<String> WITHOUT_GENERATED = Set.of("examples", "benchmarks", "cli");

  /** Packages that stand on top of their parent and not below it: they start whole nodes. */
  private static final Set<String> ABOVE_THE_WHOLE = Set.of("dev.ostrakon.node.embedded");

  private static final String GENERATED = "dev.ostrakon.protocol.v1";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.ostrakon");

  @Test
  void every_module_is_checked() {
    ProjectFiles project = ProjectFiles.locate();
    Set<String> imported = new TreeSet<>();
    CLASSES.forEach(type -> imported.add(ModuleRule.rootOf(type.getPackageName())));

    for (Path module : project.modules()) {
      List<String> roots = project.packageRoots(module);
      assertThat(roots).as("packages of %s", project.display(module)).isNotEmpty();
      assertThat(imported)
          .as("roots on the class path of this test: put all modules into cli/pom.xml")
          .containsAll(roots);
      assertThat(RULES.keySet()).as("roots with a row in RULES of this test").containsAll(roots);
    }
  }

  @Test
  void modules_use_only_what_the_arrows_allow() {
    classes().that(areHandWritten()).should(followTheArrows()).check(CLASSES);
  }

  @Test
  void programs_on_top_of_the_client_never_see_generated_classes() {
    noClasses()
        .that(
            DescribedPredicate.describe(
                "stand on top of the client",
                type -> WITHOUT_GENERATED.contains(ModuleRule.rootOf(type.getPackageName()))))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(GENERATED)
        .check(CLASSES);
  }

  @Test
  void packages_form_no_cycles() {
    slices().matching("dev.ostrakon.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void a_sub_package_does_not_use_its_parent() {
    classes().that(areHandWritten()).should(notUseParentPackages()).check(CLASSES);
  }

  @Test
  void every_package_is_null_marked() {
    Set<String> unmarked = new TreeSet<>();
    for (JavaClass type : CLASSES.that(areHandWritten())) {
      JavaPackage home = type.getPackage();
      if (!home.isAnnotatedWith(NullMarked.class)) {
        unmarked.add(home.getName());
      }
    }
    assertThat(unmarked).as("packages without @NullMarked").isEmpty();
  }

  @Test
  void packages_are_named_for_concepts() {
    noClasses()
        .should()
        .resideInAnyPackage("..impl..", "..util..", "..common..", "..helper..", "..manager..")
        .orShould()
        .haveNameMatching(".*(Impl|Utils?|Helper|Manager)")
        .check(CLASSES.that(areHandWritten()));
  }

  @Test
  void there_is_no_mutable_static_state() {
    fields()
        .that()
        .areStatic()
        .and()
        .doNotHaveModifier(JavaModifier.SYNTHETIC)
        .should()
        .beFinal()
        .check(CLASSES.that(areHandWritten()));
  }

  @Test
  void cores_do_not_touch_clocks_threads_randomness_or_files() {
    noClasses()
        .that(areCores())
        .should()
        .dependOnClassesThat(CoreBans.TYPES)
        .orShould()
        .accessTargetWhere(accessTo(CoreBans.MEMBERS))
        .because("a core is replayed from its inputs alone; time, chance and I/O come in as inputs")
        .check(CLASSES);
  }

  private static DescribedPredicate<JavaClass> areHandWritten() {
    return DescribedPredicate.describe(
        "are hand-written",
        type ->
            !type.getPackageName().equals(GENERATED)
                && !type.getPackageName().contains(".jmh_generated"));
  }

  private static DescribedPredicate<JavaClass> areCores() {
    return DescribedPredicate.describe(
        "are cores", type -> CORES.contains(ModuleRule.rootOf(type.getPackageName())));
  }

  private static DescribedPredicate<JavaAccess<?>> accessTo(
      DescribedPredicate<AccessTarget> target) {
    return DescribedPredicate.describe(
        target.getDescription(), access -> target.test(access.getTarget()));
  }

  private static ArchCondition<JavaClass> followTheArrows() {
    return each(
        "follow the arrows",
        use -> {
          ModuleRule rule = RULES.get(ModuleRule.rootOf(use.getOriginClass().getPackageName()));
          return rule != null
              && rule.allows(use.getTargetClass().getBaseComponentType().getPackageName());
        });
  }

  private static ArchCondition<JavaClass> notUseParentPackages() {
    return each(
        "not use parent packages",
        use ->
            ABOVE_THE_WHOLE.contains(use.getOriginClass().getPackageName())
                || !use.getOriginClass()
                    .getPackageName()
                    .startsWith(use.getTargetClass().getPackageName() + "."));
  }

  /** Holds for a class if each class that it uses passes. */
  private static ArchCondition<JavaClass> each(
      String description, java.util.function.Predicate<Dependency> allowed) {
    return new ArchCondition<>(description) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        for (Dependency use : type.getDirectDependenciesFromSelf()) {
          if (!allowed.test(use)) {
            events.add(SimpleConditionEvent.violated(use, use.getDescription()));
          }
        }
      }
    };
  }
}
