package dev.heddle.servers;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.ConnectionStatistics;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.junit.jupiter.api.Test;

/** Jetty 12, with a heddle for its requests only and for all it does. */
class JettyTest extends ServersTest {
    @Test
    void requestsRunOnTheHeddleBesideAThreadPool() throws Exception {
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setVirtualThreadsExecutor(heddle);
        aThousandConnectionsStayOpen(threads);
    }

    @Test
    void everythingRunsOnTheHeddle() throws Exception {
        aThousandConnectionsStayOpen(new ThreadPool() {
            @Override
            public void execute(Runnable job) {
                heddle.execute(job);
            }

            @Override
            public void join() throws InterruptedException {
                heddle.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
            }

            @Override
            public int getThreads() {
                return heddle.stats().osThreads();
            }

            @Override
            public int getIdleThreads() {
                return 0;
            }

            @Override
            public boolean isLowOnThreads() {
                return false;
            }
        });
    }

    private void aThousandConnectionsStayOpen(ThreadPool threads) throws Exception {
        Requests requests = new Requests();
        Server server = new Server(threads);
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("localhost");
        connector.setAcceptQueueSize(KeepAliveClients.COUNT);
        server.addConnector(connector);
        ConnectionStatistics connections = new ConnectionStatistics();
        connector.addBean(connections);
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                requests.arrived(Request.getRemotePort(request), onHeddle());
                byte[] body = request.getHttpURI().getPath().getBytes(US_ASCII);
                response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
                response.write(true, ByteBuffer.wrap(body), callback);
                return true;
            }
        });
        server.start();
        try (KeepAliveClients clients = new KeepAliveClients(connector.getLocalPort())) {
            clients.askAll();
            requests.assertAllCameOverTheSameConnections();
            assertThat(connections.getConnectionsTotal()).isEqualTo(KeepAliveClients.COUNT);
            assertThat(connections.getConnectionsMax()).isEqualTo(KeepAliveClients.COUNT);
        } finally {
            server.stop();
        }
    }
}
