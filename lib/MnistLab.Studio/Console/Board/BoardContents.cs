using System.Globalization;
using MnistLab.Studio.Console.Charts;
using MnistLab.Training.EventLog;

namespace MnistLab.Studio.Console.Board;

/// <summary>Represents the event logs of a TensorBoard job, in the form in which they are drawn.</summary>
internal sealed class BoardContents
{
    private readonly long _bytes;

    private BoardContents(IReadOnlyDictionary<string, IReadOnlyList<LoggedValue>> runs, long bytes)
    {
        _bytes = bytes;
        Runs = [.. runs.Keys.Order(StringComparer.Ordinal)];
        HyperParameters =
        [
            .. from run in Runs
               let values = runs[run].OfType<LoggedHyperParameters>().LastOrDefault()?.Values
               where values is { Count: > 0 }
               select KeyValuePair.Create(run, values),
        ];
        HyperParameterNames = [.. HyperParameters.SelectMany(run => run.Value.Keys).Distinct()];
        Scalars =
        [
            .. runs.Values.SelectMany(values => values.OfType<ScalarPoint>()).Select(point => point.Tag)
                .Distinct().Order(StringComparer.Ordinal)
                .Select(tag => KeyValuePair.Create<string, IReadOnlyList<Curve>>(tag, [.. CurvesOf(runs, tag)])),
        ];
        Histograms = ByTag<LoggedHistogram>(runs);
        Images = ByTag<LoggedImage>(runs);
        Notes =
        [
            .. ByTag<LoggedText>(runs).Select(note => KeyValuePair.Create(note.Key, note.Value[^1].Value.Markdown)),
        ];
        var others = runs.Values.SelectMany(values => values.OfType<LoggedOther>()).CountBy(value => value.Kind);
        NotShown = string.Join(
            ", ",
            others.OrderBy(kind => kind.Key, StringComparer.Ordinal)
                .Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Key} ({kind.Value})")));
    }

    /// <summary>Gets the names of the runs.</summary>
    public IReadOnlyList<string> Runs { get; }

    /// <summary>Gets the hyper-parameters of the runs that have logged them.</summary>
    public IReadOnlyList<KeyValuePair<string, IReadOnlyDictionary<string, string>>> HyperParameters { get; }

    /// <summary>Gets the names of all hyper-parameters.</summary>
    public IReadOnlyList<string> HyperParameterNames { get; }

    /// <summary>Gets the curves of each tag, one for each run.</summary>
    public IReadOnlyList<KeyValuePair<string, IReadOnlyList<Curve>>> Scalars { get; }

    /// <summary>Gets the histograms of each run and tag, in chronological order.</summary>
    public IReadOnlyList<KeyValuePair<string, IReadOnlyList<(string Run, LoggedHistogram Value)>>> Histograms { get; }

    /// <summary>Gets the images of each run and tag, in chronological order.</summary>
    public IReadOnlyList<KeyValuePair<string, IReadOnlyList<(string Run, LoggedImage Value)>>> Images { get; }

    /// <summary>Gets the newest text of each run and tag, in Markdown.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Notes { get; }

    /// <summary>Gets the kinds of values that are not drawn, with their numbers; empty if there are none.</summary>
    public string NotShown { get; }

    /// <summary>Reads the event logs of a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="before">The previous result, which is returned again if the logs have not grown.</param>
    /// <exception cref="InvalidDataException">An event log is damaged.</exception>
    public static BoardContents Read(TensorBoardJob job, BoardContents? before)
    {
        var bytes = EventLogReader.FilesOf(job.LogDir).Sum(file => new FileInfo(file).Length);
        return before?._bytes == bytes ? before : new BoardContents(job.Read(), bytes);
    }

    /// <summary>Returns a bar for each bucket of a histogram.</summary>
    public static IReadOnlyList<Bar> BarsOf(LoggedHistogram histogram) =>
    [
        .. histogram.Counts.Select((count, index) =>
        {
            var lower = index == 0 ? histogram.Min : histogram.Limits[index - 1];
            return new Bar(ConsoleFormat.Number((lower + histogram.Limits[index]) / 2), [count]);
        }),
    ];

    private IEnumerable<Curve> CurvesOf(IReadOnlyDictionary<string, IReadOnlyList<LoggedValue>> runs, string tag) =>
        from run in Runs.Index()
        let points = runs[run.Item].OfType<ScalarPoint>().Where(point => point.Tag == tag)
        where points.Any()
        select new Curve(run.Item, [.. points.Select(point => new CurvePoint(point.Step, point.Value))], run.Index);

    private IReadOnlyList<KeyValuePair<string, IReadOnlyList<(string Run, T Value)>>> ByTag<T>(
        IReadOnlyDictionary<string, IReadOnlyList<LoggedValue>> runs)
        where T : LoggedValue =>
    [
        .. from run in Runs
           from tag in runs[run].OfType<T>().GroupBy(value => value.Tag, StringComparer.Ordinal)
           orderby tag.Key, run
           select KeyValuePair.Create<string, IReadOnlyList<(string, T)>>(
               $"{run}: {tag.Key}", [.. tag.OrderBy(value => value.Step).Select(value => (run, value))]),
    ];
}
