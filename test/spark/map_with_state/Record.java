/**
 * Runs the mapWithState of Scala and Java, which PySpark does not have, and writes what came out as JSON; to be compiled and run
 * with the jars that come with PySpark. Each case is a queue of lists of keys, the value of each being its place in the
 * list; batch k of the outputs is what the stream had in it, sorted, as neither side promises an order.
 */

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.Optional;
import org.apache.spark.api.java.function.Function3;
import org.apache.spark.streaming.Duration;
import org.apache.spark.streaming.State;
import org.apache.spark.streaming.StateSpec;
import org.apache.spark.streaming.api.java.JavaMapWithStateDStream;
import org.apache.spark.streaming.api.java.JavaPairDStream;
import org.apache.spark.streaming.api.java.JavaStreamingContext;
import scala.Tuple2;

public class Record {
  static final int BATCH_MS = 400;

  record Case(String function, String[] batches, int timeoutBatches, Map<String, Integer> initial, boolean snapshots) {}

  static final Map<String, Case> CASES = new LinkedHashMap<>();

  static void add(String name, Case each) {
    CASES.put(name, each);
  }

  static {
    String[] words = {"aba", "", "bc", "c", "abc", ""};
    String[] rare = {"abc", "b", "b", "", "", "d", "", "b", "", "", "a", "", "", "", "", "", "e", "", "", "", "", "b", ""};
    add("count", new Case("count", words, 0, Map.of(), false));
    add("count: snapshots", new Case("count", words, 0, Map.of(), true));
    add("count: initial states", new Case("count", words, 0, Map.of("a", 10, "z", 5), false));
    add("count: initial states, snapshots", new Case("count", words, 0, Map.of("a", 10, "z", 5), true));
    add("every third removed", new Case("third", new String[] {"aaaab", "ab", "", "aabbb", "b"}, 0, Map.of(), false));
    add("every third removed: snapshots", new Case("third", new String[] {"aaaab", "ab", "", "aabbb", "b"}, 0, Map.of(), true));
    add("values", new Case("values", words, 0, Map.of(), false));
    add("never updated again", new Case("first", words, 0, Map.of(), true));
    add("times out after 5", new Case("count", rare, 5, Map.of(), false));
    add("times out after 5: snapshots", new Case("count", rare, 5, Map.of(), true));
    add("times out after 12", new Case("count", rare, 12, Map.of(), false));
    add("times out after 5: only looked at", new Case("first", rare, 5, Map.of(), false));
    add("times out after 5: initial states", new Case("count", rare, 5, Map.of("z", 1), false));
    add("times out after 5: some removed", new Case("third", rare, 5, Map.of(), true));
  }

  static final Map<String, Function3<String, Optional<Integer>, State<Integer>, String>> FUNCTIONS = Map.of(
      "count", (key, value, state) -> {
        if (state.isTimingOut()) return key + " leaves with " + state.get() + (value.isPresent() ? "!" : "");
        state.update((state.exists() ? state.get() : 0) + 1);
        return key + state.get();
      },
      "third", (key, value, state) -> {
        if (state.isTimingOut()) return key + " leaves with " + state.get();
        int n = (state.exists() ? state.get() : 0) + 1;
        if (n < 3) state.update(n);
        else if (state.exists()) state.remove();
        return key + n + state.exists();
      },
      "values", (key, value, state) -> {
        state.update((state.exists() ? state.get() : 0) * 10 + value.get());
        return key + state.get();
      },
      "first", (key, value, state) -> {
        if (state.isTimingOut()) return key + " leaves with " + state.get();
        if (!state.exists()) state.update(value.get());
        return key + state.get();
      });

  public static void main(String[] args) throws Exception {
    String scratch = Files.createTempDirectory("sluice-state").toString();
    SparkConf conf = new SparkConf().setMaster("local[2]").setAppName("record")
        .set("spark.ui.enabled", "false").set("spark.driver.bindAddress", "127.0.0.1").set("spark.driver.host", "127.0.0.1")
        .set("spark.local.dir", scratch).set("spark.streaming.concurrentJobs", "2");
    JavaSparkContext sc = new JavaSparkContext(conf);
    sc.setLogLevel("OFF");
    sc.setCheckpointDir(scratch);
    JavaStreamingContext ssc = new JavaStreamingContext(sc, new Duration(BATCH_MS));
    Map<String, Map<Long, List<String>>> seen = new LinkedHashMap<>();
    CASES.forEach((name, each) -> {
      Map<Long, List<String>> out = new ConcurrentHashMap<>();
      seen.put(name, out);
      build(ssc, sc, each).foreachRDD((rdd, time) -> {
        List<String> records = new ArrayList<>(rdd.collect());
        Collections.sort(records);
        out.put(time.milliseconds(), records);
      });
    });
    ssc.start();
    long most = CASES.values().stream().mapToInt(each -> each.batches.length).max().getAsInt();
    while (seen.values().stream().anyMatch(out -> out.size() < most)) Thread.sleep(50);
    ssc.stop(true, false);
    System.out.println(seen.entrySet().stream()
        .map(entry -> "  " + json(entry.getKey()) + ": " + json(CASES.get(entry.getKey()), entry.getValue()))
        .collect(Collectors.joining(",\n", "{\n", "\n}")));
  }

  static org.apache.spark.streaming.api.java.JavaDStream<String> build(JavaStreamingContext ssc, JavaSparkContext sc, Case each) {
    Queue<JavaRDD<Tuple2<String, Integer>>> queue = new LinkedList<>();
    for (String batch : each.batches) {
      List<Tuple2<String, Integer>> records = new ArrayList<>();
      for (int i = 0; i < batch.length(); i++) records.add(new Tuple2<>(batch.substring(i, i + 1), i));
      queue.add(sc.parallelize(records, 1));
    }
    StateSpec<String, Integer, Integer, String> spec = StateSpec.function(FUNCTIONS.get(each.function)).numPartitions(2);
    if (each.timeoutBatches > 0) spec = spec.timeout(new Duration((long) each.timeoutBatches * BATCH_MS));
    if (!each.initial.isEmpty()) {
      List<Tuple2<String, Integer>> initial = new ArrayList<>();
      each.initial.forEach((key, state) -> initial.add(new Tuple2<>(key, state)));
      spec = spec.initialState(JavaPairRDD.fromJavaRDD(sc.parallelize(initial)));
    }
    JavaPairDStream<String, Integer> pairs = JavaPairDStream.fromJavaDStream(ssc.queueStream(queue, true));
    JavaMapWithStateDStream<String, Integer, Integer, String> mapped = pairs.mapWithState(spec);
    return each.snapshots ? mapped.stateSnapshots().map(pair -> pair._1 + "=" + pair._2) : mapped;
  }

  static String json(Case each, Map<Long, List<String>> out) {
    List<String> outputs = out.keySet().stream().sorted().limit(each.batches.length)
        .map(time -> list(out.get(time), Record::json)).collect(Collectors.toList());
    return "{ \"function\": " + json(each.function) + ", \"timeoutBatches\": " + each.timeoutBatches + ", \"snapshots\": "
        + each.snapshots + ",\n    \"initial\": " + each.initial.entrySet().stream().sorted(Map.Entry.comparingByKey())
            .map(entry -> "[" + json(entry.getKey()) + ", " + entry.getValue() + "]").collect(Collectors.joining(", ", "[", "]"))
        + ",\n    \"batches\": " + list(Arrays.asList(each.batches), Record::json)
        + ",\n    \"outputs\": " + list(outputs, text -> text) + " }";
  }

  static String json(String text) {
    return '"' + text + '"';
  }

  static <T> String list(List<T> items, Function<T, String> form) {
    return items.stream().map(form).collect(Collectors.joining(", ", "[", "]"));
  }
}
