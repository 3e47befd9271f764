using System.Globalization;
using Microsoft.AspNetCore.Components;
using MnistLab.Serving.Deployment;
using MnistLab.Serving.Instances;
using MnistLab.Studio.Console.Charts;
using MnistLab.Studio.Preferences;

namespace MnistLab.Studio.Console.Services;

/// <summary>Represents the screen of an online service: its properties, its metrics, and its actions.</summary>
public partial class ServicePage
{
    /// <summary>The prefix of the subjects of operations on services.</summary>
    internal const string SubjectPrefix = "service ";

    private const int LogLines = 200;
    private const int MaxEvents = 50;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private OnlineService? _service;
    private ServiceFacts? _facts;
    private string? _silence;
    private WorkState? _work;
    private IReadOnlyList<string> _log = [];
    private IReadOnlyList<ServiceEvent> _events = [];
    private IReadOnlyList<ConfigurationChange> _history = [];

    /// <summary>Gets or sets the name of the service.</summary>
    [Parameter]
    public string Name { get; set; } = "";

    private bool IsWorking => _work is { IsRunning: true };

    private IReadOnlyList<string> HistoryColumns =>
        [T[ServiceTexts.Time], T[ServiceTexts.Models], T[ServiceTexts.Port], T[ServiceTexts.Limit], T[ServiceTexts.StopsAt]];

    private IEnumerable<(Text Name, string Value)> Properties
    {
        get
        {
            yield return (ServiceTexts.Models, ServiceForm.Describe(_service!.Models));
            yield return (ServiceTexts.Started, ConsoleFormat.Time(_service.Started));
            if (_service.Url is not { } url) yield break;
            yield return (ServiceTexts.Address, url.ToString());
            var isSecret = _service.Access is { Token: not null } or { AppCode: not null };
            yield return (ServiceTexts.Secrets, T[isSecret ? ServiceTexts.Yes : ServiceTexts.No]);
            if (_service.ProcessId is { } process) yield return (ServiceTexts.Process, process.ToString(CultureInfo.InvariantCulture));
            yield return (ServiceTexts.Restarts, _service.Restarts.ToString(CultureInfo.InvariantCulture));
            if (_service.PredictionLimit is { } limit) yield return (ServiceTexts.Limit, ConsoleFormat.Duration(limit));
            yield return (ServiceTexts.StopsAt, _service.StopAt is { } stop ? ConsoleFormat.Time(stop) : T[ServiceTexts.Never]);
        }
    }

    private IEnumerable<(Text Name, string Value)> Figures
    {
        get
        {
            static string Milliseconds(double? value) => value is { } known ? $"{ConsoleFormat.Number(known)} ms" : "–";
            yield return (ServiceTexts.Succeeded, Count(_facts!.Succeeded));
            yield return (ServiceTexts.FailedRequests, Count(_facts.Failed));
            yield return (ServiceTexts.Images, Count(_facts.Images));
            yield return (ServiceTexts.Median, Milliseconds(_facts.MedianMilliseconds));
            yield return (ServiceTexts.Slow, Milliseconds(_facts.SlowMilliseconds));
            yield return (ServiceTexts.Queue, Count(_facts.Queue));
            yield return (ServiceTexts.Cpu, FormattableString.Invariant($"{_facts.CpuSeconds:F1} s"));
            yield return (ServiceTexts.Memory, FormattableString.Invariant($"{_facts.MemoryBytes / 1048576.0:F0} MiB"));
            yield return (ServiceTexts.Uptime, ConsoleFormat.Duration(TimeSpan.FromSeconds(_facts.UptimeSeconds)));
        }
    }

    /// <summary>Returns the subject of operations on a service.</summary>
    internal static string SubjectOf(string name) => SubjectPrefix + name;

    /// <summary>Forwards the progress of a deployment.</summary>
    internal static IProgress<DeploymentProgress> Relay(IProgress<WorkProgress> progress) => new DeploymentRelay(progress);

    /// <inheritdoc/>
    protected override async Task LoadAsync()
    {
        if (_service?.Name != Name) (_service, _facts) = (null, null);
        var (lab, name) = (Console.Open(), Name);
        // Read before the service: if the operation ends in between, the service is read in its final state.
        _work = Work.Find(SubjectOf(name));
        _service = await Task.Run(() => lab.Services.FindAsync(name, Closed), Closed);
        if (_service is { } found)
        {
            (_log, _events, _history) = await Task.Run(
                () => (found.ReadLog(LogLines), found.ReadEvents(), found.ReadHistory()), Closed);
            (_events, _history) = ([.. _events.TakeLast(MaxEvents).Reverse()], [.. _history.Reverse()]);
        }

        if (_service is null && _work is null)
            throw new DeploymentException($"There is no service '{name}'. Deploy it first.");
        await ReadFactsAsync();
    }

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender) Repeat(Interval, LoadAsync);
    }

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private async Task ReadFactsAsync()
    {
        if (_service?.Status.IsUp() != true)
        {
            _facts = null;
            return;
        }

        try
        {
            (_facts, _silence) = (await ServiceFacts.ReadAsync(_service, Closed), null);
        }
        catch (Exception error) when (error is HttpRequestException or System.Text.Json.JsonException)
        {
            // The service is restarting, or another program listens at its address.
            (_facts, _silence) = (null, error.Message);
        }
    }

    private Bar[] BarsOf(ServiceFacts read) =>
    [
        .. read.PerMinute.Select((minute, index) => new Bar(
            read.PerMinute.Count - 1 - index is > 0 and var ago ? T.Format(ServiceTexts.MinutesAgo, ago) : T[ServiceTexts.Now],
            [.. minute.Select(count => (double)count)])),
    ];

    private void Start()
    {
        var (lab, name) = (Console.Open(), Name);
        Begin(progress => lab.Services.StartAsync(name, lab.Models, Relay(progress)));
    }

    private void Stop()
    {
        var (lab, name) = (Console.Open(), Name);
        Begin(_ => lab.Services.StopAsync(name));
    }

    private async Task Delete()
    {
        var (lab, name) = (Console.Open(), Name);
        Begin(_ => lab.Services.DeleteAsync(name));
        // The list shows the service until it is deleted, and the error if that fails.
        await Task.Yield();
        Navigation.NavigateTo("/console/services");
    }

    private void Begin(Func<IProgress<WorkProgress>, Task> action)
    {
        Work.TryStart(SubjectOf(Name), action);
        _work = Work.Find(SubjectOf(Name));
    }

    private void Dismiss()
    {
        Work.Dismiss(SubjectOf(Name));
        _work = null;
    }

    private sealed class DeploymentRelay(IProgress<WorkProgress> progress) : IProgress<DeploymentProgress>
    {
        public void Report(DeploymentProgress value) => progress.Report(new WorkProgress(value.Percent / 100.0, value.Message));
    }
}
