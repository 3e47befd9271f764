using System.Globalization;
using MnistLab.Storage;
using MnistLab.Studio.Preferences;
using MnistLab.Training;
using MnistLab.Training.Jobs;

namespace MnistLab.Studio.Console.Jobs;

/// <summary>Versions of jobs beside each other: the settings that differ, and what came of them.</summary>
/// <param name="Jobs">The versions, in the order in which they were asked for.</param>
/// <param name="Metrics">Their metrics.</param>
/// <param name="Different">The settings that are not the same in all of them.</param>
/// <param name="Same">The other settings.</param>
internal sealed record JobComparison(
    IReadOnlyList<JobView> Jobs,
    IReadOnlyList<ComparedMetric> Metrics,
    IReadOnlyList<ComparedSetting> Different,
    IReadOnlyList<ComparedSetting> Same)
{
    /// <summary>Gets whether one of them still runs.</summary>
    public bool IsUnderWay => Jobs.Any(job => !job.Status.IsFinal());

    /// <summary>Reads versions and compares them.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="store">The store with their outputs.</param>
    /// <param name="versions">The versions, such as <c>train_mnist/V0001</c>.</param>
    /// <param name="texts">The language of the names.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="TrainingJobException">There is no such version, or its record is damaged.</exception>
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
            views.Add(JobView.Of(jobs.Find(name, version)));
            settings.Add(await SettingsOfAsync(views[^1], store, cancellationToken));
        }

        var compared = settings.SelectMany(item => item.Keys).Distinct()
            .Select(name => new ComparedSetting(name, [.. settings.Select(item => item.GetValueOrDefault(name))]))
            .ToLookup(setting => setting.Values.Distinct().Count() > 1);
        return new JobComparison(views, [.. MetricsOf(views, texts)], [.. compared[true]], [.. compared[false]]);
    }

    /// <summary>
    /// Returns the settings of a job: those of its form, and of a completed one also those that its form left to the
    /// defaults, as the manifest of its model has them.
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
            // It has left no model: its form is all that is known.
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

/// <summary>A setting of several versions.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Values">Its value in each version; null where it is not given.</param>
internal sealed record ComparedSetting(string Name, IReadOnlyList<string?> Values);

/// <summary>A metric of several versions.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Values">Its value in each version, and whether that is the best of them.</param>
internal sealed record ComparedMetric(string Name, IReadOnlyList<(string Text, bool IsBest)> Values);
