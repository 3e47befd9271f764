using System.Diagnostics.Metrics;
using MnistLab.Serving.Metrics;
using MnistLab.Serving.Pipeline;

namespace MnistLab.Serving.Operations;

/// <summary>
/// Publishes the service's metrics as .NET instruments, for <c>dotnet-counters</c>, <c>dotnet-monitor</c>, and the
/// exporters of OpenTelemetry. OpenTelemetry's naming rules convert their names to those of <c>GET /metrics</c>.
/// </summary>
/// <remarks>
/// The endpoint writes its text from the same counters rather than through an exporter: the service's page needs them
/// as well, and exporters cannot be read.
/// </remarks>
internal static class ServiceInstruments
{
    public static void Publish(ServiceMetrics metrics, InferenceLimiter gate, ServedModels models)
    {
        var meter = metrics.Meter;
        meter.CreateObservableCounter("mnistlab.requests", () => Calls(metrics), null, "Requests for predictions.");
        meter.CreateObservableCounter("mnistlab.images", () => metrics.Pictures, null, "Images predicted.");
        meter.CreateObservableGauge(
            "mnistlab.queue.length", () => gate.Waiting, null, "Requests that wait for a processor.");
        meter.CreateObservableGauge(
            "mnistlab.ready", () => models.AcceptsRequests ? 1 : 0, null, "1 when a model is loaded and warm.");
        meter.CreateObservableGauge(
            "mnistlab.model.weight",
            () => Weights(models),
            null,
            "The share of requests that a model version gets, in percent.");
    }

    private static IEnumerable<Measurement<long>> Calls(ServiceMetrics metrics) =>
        from protocol in Enum.GetValues<ServiceProtocol>()
        from outcome in Enum.GetValues<CallOutcome>()
        select new Measurement<long>(
            metrics.Calls(protocol, outcome), new("protocol", protocol.Label()), new("outcome", outcome.Label()));

    private static IEnumerable<Measurement<int>> Weights(ServedModels models) => models.Current.Select(
        served => new Measurement<int>(served.Weight, new("model", served.Model), new("version", $"{served.Version}")));
}
