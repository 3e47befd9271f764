using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace MnistLab.Serving.Tests;

/// <summary>Tests the service's metrics as .NET instruments, which dotnet-counters and OpenTelemetry read.</summary>
public sealed class InstrumentTests(FastModel model)
{
    [Fact]
    public async Task Instruments_AfterCalls_MeasureWhatTheEndpointReports()
    {
        await using var service = await RunningApplication.StartAsync(model.Package);
        var factory = service.Services.GetRequiredService<IMeterFactory>();
        var values = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            // Other services of this process have meters of the same name.
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "MnistLab.Serving" && instrument.Meter.Scope == factory)
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, 1, tags));
        listener.Start();

        foreach (var body in new[] { RunningApplication.Png(0), RunningApplication.Png(1), [] })
        {
            using var form = new MultipartFormDataContent { { new ByteArrayContent(body), "images", "digit.png" } };
            using var response = await service.Http.PostAsync("/", form);
        }

        listener.RecordObservableInstruments();
        Assert.Equal(2, values["mnistlab.requests modelarts success"]);
        Assert.Equal(1, values["mnistlab.requests modelarts refused"]);
        Assert.Equal(0, values["mnistlab.requests open_inference success"]);
        Assert.Equal(3, values["mnistlab.request.duration modelarts"]);
        Assert.Equal(2, values["mnistlab.images"]);
        Assert.Equal(0, values["mnistlab.queue.length"]);
        Assert.Equal(1, values["mnistlab.ready"]);
        Assert.Equal(100, values["mnistlab.model.weight digits 0.0.1"]);

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var name = instrument.Name;
            foreach (var tag in tags) name += $" {tag.Value}";
            lock (values) values[name] = values.GetValueOrDefault(name) + value;
        }
    }
}
