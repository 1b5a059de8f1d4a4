import static org.neo4j.configuration.GraphDatabaseSettings.auth_enabled;
import static org.neo4j.configuration.GraphDatabaseSettings.pagecache_memory;
import static org.neo4j.configuration.GraphDatabaseSettings.SYSTEM_DATABASE_NAME;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.neo4j.configuration.connectors.BoltConnector;
import org.neo4j.configuration.helpers.SocketAddress;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;

/**
 * A Neo4j server on loopback, run from source: {@code java -cp 'lib/*' Main.java DATA PORT}.
 * The password of the user neo4j is the first line of stdin. Prints "ready" when Bolt answers.
 */
public class Main {
    public static void main(String[] arguments) throws InterruptedException {
        try {
            start(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
        } catch (Exception error) {
            error.printStackTrace();
            System.exit(1); // the server's threads would keep the process
        }
        Thread.currentThread().join();
    }

    private static void start(Path data, int port) throws IOException {
        var password = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        var address = new SocketAddress("127.0.0.1", port);
        var server = new DatabaseManagementServiceBuilder(data)
                .setConfig(BoltConnector.enabled, true)
                .setConfig(BoltConnector.listen_address, address)
                .setConfig(auth_enabled, true)
                .setConfig(pagecache_memory, 256L * 1024 * 1024)
                .build();
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown));
        // Twice, since Neo4j refuses a password that is the old one.
        for (var next : List.of(UUID.randomUUID().toString(), password)) {
            server.database(SYSTEM_DATABASE_NAME).executeTransactionally(
                    "ALTER USER neo4j SET PASSWORD $password CHANGE NOT REQUIRED", Map.of("password", next));
        }
        System.out.println("ready");
    }
}
