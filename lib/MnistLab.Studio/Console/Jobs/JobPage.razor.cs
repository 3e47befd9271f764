using System.Globalization;
using Microsoft.AspNetCore.Components;
using MnistLab.Studio.Console.Charts;
using MnistLab.Studio.Preferences;
using MnistLab.Training.Jobs;

namespace MnistLab.Studio.Console.Jobs;

/// <summary>Represents the screen of one version of a job: its curves and log, updated live, and its actions.</summary>
public partial class JobPage
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private JobView? _view;
    private IReadOnlyList<JobEvent> _events = [];
    private WorkState? _work;
    private long _generation;

    /// <summary>Gets or sets the name of the job.</summary>
    [Parameter]
    public string Name { get; set; } = "";

    /// <summary>Gets or sets the version, such as V0001.</summary>
    [Parameter]
    public string Version { get; set; } = "";

    private string Subject => $"job {Name}/{Version}";

    private string Progress => _view!.Steps is { } steps
        ? T.Format(JobTexts.StepsOf, Count(_view.Step), Count(steps))
        : T.Format(JobTexts.Steps, Count(_view.Step));

    private IEnumerable<(Text Name, string Value)> Properties
    {
        get
        {
            var (job, spec) = (_view!.Job, _view.Job.Spec);
            if (spec.JobDescription.Length > 0) yield return (ConsoleTexts.Description, spec.JobDescription);
            yield return (ConsoleTexts.Created, ConsoleFormat.Time(job.Created));
            yield return (JobTexts.Duration, ConsoleFormat.Duration(_view.Duration));
            yield return (JobTexts.CodeUrl, spec.AppUrl.ToString());
            yield return (JobTexts.BootFile, spec.BootFileUrl.ToString());
            yield return (JobTexts.DataUrl, spec.DataUrl.ToString());
            yield return (JobTexts.Output, job.OutputUrl.ToString());
            yield return (JobTexts.Target, T[spec.Target == JobTarget.Slurm ? JobTexts.Slurm : JobTexts.Local]);
            yield return (JobTexts.Workers, spec.WorkerCount.ToString(CultureInfo.InvariantCulture));
            if (spec.HostFile is { } file) yield return (JobTexts.HostFile, file);
            if (spec.MaxDuration is { } limit) yield return (JobTexts.MaxMinutes, ConsoleFormat.Duration(limit));
        }
    }

    /// <inheritdoc/>
    protected override async Task LoadAsync()
    {
        // The page was reused for another version.
        if (_view?.Key != $"{Name}/{Version}") _view = null;
        var jobs = Console.Open().Jobs;
        var (name, version) = (Name, Version);
        (_view, _events) = await Task.Run(
            () =>
            {
                var job = jobs.Find(name, version);
                return (JobView.From(job), job.Events);
            },
            Closed);
        _work = Work.Find(Subject);
        _generation++;
    }

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender) Repeat(Interval, LoadAsync);
    }

    private static string Count(long steps) => steps.ToString("N0", CultureInfo.InvariantCulture);

    private Curve[] CurvesOf(string metric)
    {
        CurvePoint[] Points(bool isValidation) =>
        [
            .. _view!.Reports.Where(report => report.IsValidation == isValidation && report.Metrics.ContainsKey(metric))
                .Select(report => new CurvePoint(report.Step, report.Metrics[metric])),
        ];
        return
        [
            new Curve(T[JobTexts.Training], Points(false), 0),
            new Curve(T[JobTexts.Validation], Points(true), 1, HasDots: true),
        ];
    }

    // Stopping takes as long as the program needs to save its checkpoint; the status shows the progress.
    private void Stop()
    {
        var job = _view!.Job;
        Work.Dismiss(Subject);
        Work.TryStart(Subject, _ => job.StopAsync());
    }

    private async Task SubmitAgainAsync(bool resumes)
    {
        var (jobs, job) = (Console.Open().Jobs, _view!.Job);
        TrainingJob? next = null;
        Task<TrainingJob> Submit() => resumes ? jobs.ResumeAsync(job, Closed) : jobs.RetryAsync(job, Closed);
        await RunAsync(async () => next = await Task.Run(Submit, Closed));
        if (next is not null) Navigation.NavigateTo(JobView.AddressOf(Name, next.Version));
    }

    private async Task DeleteAsync()
    {
        var job = _view!.Job;
        if (await RunAsync(() => Task.Run(job.Delete, Closed))) Navigation.NavigateTo("/console/jobs");
    }
}
