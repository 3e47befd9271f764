using System.Globalization;
using MnistLab.Storage;
using MnistLab.Studio.Preferences;
using MnistLab.Training;
using MnistLab.Training.Jobs;

namespace MnistLab.Studio.Console.Jobs;

/// <summary>Represents a comparison of job versions: the settings that differ, and the results.</summary>
/// <param name="Jobs">The versions, in the requested order.</param>
/// <param name="Metrics">The metrics of the versions.</param>
/// <param name="Different">The settings that differ between versions.</param>
/// <param name="Same">The settings that all versions share.</param>
internal sealed record JobComparison(
    IReadOnlyList<JobView> Jobs,
    IReadOnlyList<ComparedMetric> Metrics,
    IReadOnlyList<ComparedSetting> Different,
    IReadOnlyList<ComparedSetting> Same)
{
    /// <summary>Gets whether one of the versions has not ended yet.</summary>
    public bool IsUnderWay => Jobs.Any(job => !job.Status.IsFinal());

    /// <summary>Reads versions and compares them.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="store">The object store with the outputs of the jobs.</param>
    /// <param name="versions">The versions, such as <c>train_mnist/V0001</c>.</param>
    /// <param name="texts">The language of the names.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="TrainingJobException">A version does not exist, or its record is damaged.</exception>
    public static async Task<JobComparison> ReadAsync(
        TrainingJobs jobs,
        IObjectStore store,
        IEnumerable<string> versions,
        Texts texts,
        CancellationToken cancellationToken)
    {
        var views = new List<JobView>();
        var settings = new List<IReadOnlyDictionary<string, string>>();
        foreach (var key in versions.Distinct())
        {
            if (key.Split('/') is not [var name, var version]) continue;
            views.Add(JobView.From(jobs.Find(name, version)));
            settings.Add(await SettingsOfAsync(views[^1], store, cancellationToken));
        }

        var compared = settings.SelectMany(item => item.Keys).Distinct()
            .Select(name => new ComparedSetting(name, [.. settings.Select(item => item.GetValueOrDefault(name))]))
            .ToLookup(setting => setting.Values.Distinct().Count() > 1);
        return new JobComparison(views, [.. MetricsOf(views, texts)], [.. compared[true]], [.. compared[false]]);
    }

    /// <summary>
    /// Returns the settings of a job: those of its form, and for a completed job also the defaults that applied, which
    /// are read from the manifest of its model.
    /// </summary>
    private static async Task<IReadOnlyDictionary<string, string>> SettingsOfAsync(
        JobView view, IObjectStore store, CancellationToken cancellationToken)
    {
        var spec = view.Job.Spec;
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [JobForm.BootFileField] = spec.BootFileUrl.ToString(),
            [JobForm.DataField] = spec.DataUrl.ToString(),
            [JobForm.TrainField] = spec.TrainUrl.ToString(),
            [JobForm.WorkersField] = spec.WorkerCount.ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (name, value) in spec.Parameters) settings[name] = value;
        if (view.Status != JobStatus.Completed) return settings;
        try
        {
            var manifest = await ModelPackage.ReadManifestAsync(store, view.Job.OutputUrl, cancellationToken);
            foreach (var (name, value) in manifest.HyperParameters) settings[name] = value;
        }
        catch (Exception error) when (error is ObjectStoreException or InvalidDataException)
        {
            // The job has not produced a model, so only the settings of its form are known.
        }

        return settings;
    }

    private static IEnumerable<ComparedMetric> MetricsOf(List<JobView> views, Texts texts)
    {
        yield return Compare(JobTexts.Accuracy, view => Validation(view, "accuracy"), ConsoleFormat.Percent, Enumerable.Max);
        yield return Compare(JobTexts.ValidationLoss, view => Validation(view, "loss"), ConsoleFormat.Number, Enumerable.Min);
        yield return Compare(JobTexts.StepsDone, view => view.Step, ConsoleFormat.Number, null);
        static string Duration(double seconds) => ConsoleFormat.Duration(TimeSpan.FromSeconds(seconds));
        yield return Compare(JobTexts.Duration, view => view.Duration.TotalSeconds, Duration, null);

        ComparedMetric Compare(
            Text name, Func<JobView, double?> valueOf, Func<double, string> write, Func<IEnumerable<double>, double>? best)
        {
            var values = views.ConvertAll(view => valueOf(view));
            var known = values.OfType<double>().ToList();
            double? winner = best is not null && known.Count > 0 ? best(known) : null;
            return new ComparedMetric(
                texts[name],
                [.. values.Select(value => (value is { } number ? write(number) : "–", value is not null && value == winner))]);
        }
    }

    private static double? Validation(JobView view, string metric) =>
        view.Validation?.Metrics.TryGetValue(metric, out var value) == true && double.IsFinite(value) ? value : null;
}

/// <summary>Represents a setting of several versions.</summary>
/// <param name="Name">The name of the setting.</param>
/// <param name="Values">The value in each version; null if it is not specified.</param>
internal sealed record ComparedSetting(string Name, IReadOnlyList<string?> Values);

/// <summary>Represents a metric of several versions.</summary>
/// <param name="Name">The name of the metric.</param>
/// <param name="Values">The value in each version, and whether it is the best one.</param>
internal sealed record ComparedMetric(string Name, IReadOnlyList<(string Text, bool IsBest)> Values);
