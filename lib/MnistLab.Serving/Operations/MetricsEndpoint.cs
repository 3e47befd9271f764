using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MnistLab.Serving.Metrics;
using MnistLab.Serving.Pipeline;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Operations;

/// <summary>Maps <c>GET /metrics</c>: the service's metrics in the Prometheus text format, version 0.0.4.</summary>
internal static class MetricsEndpoint
{
    public static void MapMetrics(
        this IEndpointRouteBuilder routes,
        ServiceMetrics metrics,
        InferenceLimiter gate,
        ServedModels models) => routes.MapRead("/metrics", context =>
    {
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return context.Response.WriteAsync(Write(metrics, gate, models), context.RequestAborted);
    });

    private static string Write(ServiceMetrics metrics, InferenceLimiter gate, ServedModels models)
    {
        var text = new StringBuilder();
        void Describe(string name, string type, string help) => text
            .Append("# HELP ")
            .Append(name)
            .Append(' ')
            .Append(help)
            .Append("\n# TYPE ")
            .Append(name)
            .Append(' ')
            .Append(type)
            .Append('\n');
        void Value(string name, double value) =>
            text.Append(name).Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');

        Describe("mnistlab_requests_total", "counter", "Requests for predictions, by protocol and outcome.");
        foreach (var protocol in Enum.GetValues<ServiceProtocol>())
        {
            foreach (var outcome in Enum.GetValues<CallOutcome>())
                Value(
                    $"mnistlab_requests_total{{protocol=\"{protocol.Label()}\",outcome=\"{outcome.Label()}\"}}",
                    metrics.Calls(protocol, outcome));
        }

        Describe("mnistlab_request_duration_seconds", "histogram", "Time from a request's header to its response, by protocol.");
        foreach (var protocol in Enum.GetValues<ServiceProtocol>())
        {
            var latency = metrics.Latency(protocol);
            long count = 0;
            foreach (var (bucket, bound) in latency.Counts.Zip(
                LatencyHistogram.Bounds.Select(bound => bound.ToString(CultureInfo.InvariantCulture)).Append("+Inf")))
                Value($"mnistlab_request_duration_seconds_bucket{{protocol=\"{protocol.Label()}\",le=\"{bound}\"}}", count += bucket);
            Value($"mnistlab_request_duration_seconds_sum{{protocol=\"{protocol.Label()}\"}}", latency.Sum);
            Value($"mnistlab_request_duration_seconds_count{{protocol=\"{protocol.Label()}\"}}", count);
        }

        Describe("mnistlab_images_total", "counter", "Images predicted.");
        Value("mnistlab_images_total", metrics.Pictures);
        Describe("mnistlab_queue_length", "gauge", "Requests that wait for a processor.");
        Value("mnistlab_queue_length", gate.Waiting);
        Describe("mnistlab_ready", "gauge", "1 when a model is loaded and warm.");
        Value("mnistlab_ready", models.AcceptsRequests ? 1 : 0);
        Describe("mnistlab_model_weight", "gauge", "The share of requests that a model version gets, in percent.");
        foreach (var version in models.Current)
            Value($"mnistlab_model_weight{{model=\"{version.Model}\",version=\"{version.Version}\"}}", version.Weight);
        Describe("process_cpu_seconds_total", "counter", "Processor time used.");
        Value("process_cpu_seconds_total", Environment.CpuUsage.TotalTime.TotalSeconds);
        Describe("process_resident_memory_bytes", "gauge", "Memory in use, resident.");
        Value("process_resident_memory_bytes", Environment.WorkingSet);
        Describe("dotnet_gc_heap_total_allocated_bytes_total", "counter", "Bytes allocated on the managed heap since the start.");
        Value("dotnet_gc_heap_total_allocated_bytes_total", GC.GetTotalAllocatedBytes());
        Describe("dotnet_gc_pause_time_seconds_total", "counter", "Time that all threads were paused for garbage collections.");
        Value("dotnet_gc_pause_time_seconds_total", GC.GetTotalPauseDuration().TotalSeconds);
        Describe("dotnet_gc_collections_total", "counter", "Garbage collections, by generation.");
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
            Value($"dotnet_gc_collections_total{{gc_heap_generation=\"gen{generation}\"}}", GC.CollectionCount(generation));
        Describe("process_start_time_seconds", "gauge", "When the service started.");
        Value("process_start_time_seconds", metrics.Started.ToUnixTimeMilliseconds() / 1000.0);
        return text.ToString();
    }
}
