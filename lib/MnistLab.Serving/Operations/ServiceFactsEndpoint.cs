using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Metrics;
using MnistLab.Serving.Pipeline;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Operations;

/// <summary>Maps <c>GET /service</c>: the facts, metrics, and events that the page shows, also for programs.</summary>
internal static class ServiceFactsEndpoint
{
    private const int MaxEvents = 50;

    public static void MapServiceFacts(
        this IEndpointRouteBuilder routes,
        RunSettings settings,
        ServedModels models,
        ServiceMetrics metrics,
        InferenceLimiter gate,
        ServiceEvents events,
        InstanceFolder? run,
        TimeProvider time,
        Func<Uri?> grpcUrl) =>
        routes.MapRead("/service", (context, buffer) =>
        {
            var json = buffer.Json;
            json.WriteStartObject();
            json.WriteString("service"u8, settings.Service);
            json.WriteString("status"u8, models.IsDraining ? "stopping" : models.IsReady ? "running" : "deploying");
            if (grpcUrl() is { } url) json.WriteString("grpc_url"u8, AsReached(url, context.Request.Host.Host).AbsoluteUri);
            json.WriteString("started"u8, metrics.Started.UtcDateTime);
            json.WriteNumber("uptime_seconds"u8, (long)(time.GetUtcNow() - metrics.Started).TotalSeconds);
            json.WriteStartArray("models"u8);
            foreach (var model in models.Loaded)
            {
                json.WriteStartObject();
                json.WriteString("model"u8, model.Version.Model);
                json.WriteString("version"u8, model.Version.Version.ToString());
                json.WriteNumber(
                    "weight"u8,
                    models.Current.FirstOrDefault(current => current.Version == model.Version.Version)?.Weight ?? 0);
                json.WriteString("algorithm"u8, model.Config.ModelAlgorithm);
                json.WriteStrings("labels"u8, model.Config.LabelNames);
                if (model.Config.Metrics is { } figures)
                {
                    foreach (var (name, value) in figures.Named) json.WriteNumber(name, value);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartObject("calls"u8);
            foreach (var outcome in Enum.GetValues<CallOutcome>())
                json.WriteNumber(outcome.ToString().ToLowerInvariant(), metrics.Calls(outcome));
            json.WriteEndObject();
            json.WriteNumber("pictures"u8, metrics.Pictures);
            json.WriteStartArray("calls_per_minute"u8);
            foreach (var (succeeded, failed) in metrics.PerMinute.Read())
            {
                json.WriteStartArray();
                json.WriteNumberValue(succeeded);
                json.WriteNumberValue(failed);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            if (metrics.Quantile(0.5) is { } median) json.WriteNumber("p50_milliseconds"u8, Math.Round(1000 * median, 3));
            if (metrics.Quantile(0.99) is { } slow) json.WriteNumber("p99_milliseconds"u8, Math.Round(1000 * slow, 3));
            json.WriteNumber("queue"u8, gate.Waiting);
            json.WriteNumber("cpu_seconds"u8, Math.Round(Environment.CpuUsage.TotalTime.TotalSeconds, 2));
            json.WriteNumber("memory_bytes"u8, Environment.WorkingSet);
            json.WriteStartArray("events"u8);
            // Events of the service as a whole are stored in its folder; events of requests, in this process.
            var all = (run?.Service.ReadEvents() ?? []).TakeLast(MaxEvents).Select(item => (item.Time, item.Message)).Concat(events.Read());
            foreach (var (at, message) in all.OrderByDescending(item => item.Item1).Take(MaxEvents))
            {
                json.WriteStartObject();
                json.WriteString("time"u8, at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
                json.WriteString("message"u8, message);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
            return StatusCodes.Status200OK;
        });

    // A service that listens on all addresses is reachable at the address that the client used.
    private static Uri AsReached(Uri url, string host) =>
        host.Length > 0
            && IPAddress.TryParse(url.DnsSafeHost, out var listening)
            && (listening.Equals(IPAddress.Any) || listening.Equals(IPAddress.IPv6Any))
            ? new UriBuilder(url) { Host = host }.Uri
            : url;
}
