using System.Globalization;
using System.Text;
using MnistLab.Hosting;
using MnistLab.Notebooks.Texts;
using MnistLab.Training.Metrics;

namespace MnistLab.Notebooks.Display;

/// <summary>
/// Shows a training run in a cell while it runs: a progress bar, the time left, and the loss curve. Pass it to a run or
/// a job as its <c>progress</c>.
/// </summary>
public sealed class LiveTraining : IProgress<StepReport>
{
    private const int Width = 640;
    private const int Height = 160;
    private const int MaxPoints = 400;

    // On a phone, the drawing is smaller; thinner lines and dots would look paler than the legend.
    private const string FixedStroke = "vector-effect:non-scaling-stroke";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly TimeProvider _time;
    private readonly List<StepReport> _reports = [];
    private readonly long _begun;
    private readonly LiveDisplay _display;
    private long? _firstStep;
    private long _shown;

    /// <summary>Initializes the display, and shows an empty curve in the running cell.</summary>
    /// <param name="steps">
    /// The number of steps of the run; if null, there is no progress bar and no time left.
    /// </param>
    /// <param name="time">The clock.</param>
    public LiveTraining(long? steps = null, TimeProvider? time = null)
    {
        if (steps is { } given) NumberRange.RequireAtLeast(given, 1, nameof(steps));
        (Steps, _time) = (steps, time ?? TimeProvider.System);
        _begun = _shown = _time.GetTimestamp();
        _display = LiveDisplay.Show(this);
    }

    /// <summary>Gets the number of steps of the run; null if unknown.</summary>
    public long? Steps { get; }

    /// <summary>Gets the last step that was reported; 0 before the first.</summary>
    public long Step => _reports is [.., var last] ? last.Step : 0;

    /// <summary>Gets a description of how the run ended; null while it is running.</summary>
    public string? Ending { get; private set; }

    /// <summary>Gets the estimated time left at the mean speed so far; null if unknown.</summary>
    public TimeSpan? TimeLeft => Steps is { } steps && Step > _firstStep
        ? _time.GetElapsedTime(_begun) * ((double)(steps - Step) / (Step - _firstStep.Value))
        : null;

    /// <inheritdoc/>
    public void Report(StepReport value)
    {
        ArgumentNullException.ThrowIfNull(value);
        // A resumed run starts at the step of its checkpoint.
        _firstStep ??= value.Step;
        _reports.Add(value);
        if (Step >= Steps) Show();
        else if (_time.GetElapsedTime(_shown) >= Interval) Show();
    }

    /// <summary>Shows how the run ended.</summary>
    internal void End(string ending)
    {
        Ending = ending;
        Show();
    }

    /// <summary>Returns the progress of the run in one line.</summary>
    public override string ToString()
    {
        List<string> parts = [Steps is { } steps ? TrainingTexts.StepOf.With(Step, steps) : TrainingTexts.Step.With(Step)];
        if (_reports.FindLast(report => !report.IsValidation) is { } batch)
            parts.Add(TrainingTexts.Batch.With(batch.SamplesPerSecond, batch.Loss));
        if (_reports.FindLast(report => report.IsValidation) is { } validation
            && validation.Metrics.TryGetValue("accuracy", out var accuracy))
            parts.Add(TrainingTexts.Accuracy.With(accuracy));
        if (Ending is not null) parts.Add(Ending);
        else if (TimeLeft is { } left && left > TimeSpan.Zero) parts.Add(TrainingTexts.Left.With(left.TotalSeconds));
        return string.Join(" · ", parts);
    }

    internal string ToHtml()
    {
        var html = new StringBuilder($"<div style=\"max-width:{Width}px\">");
        if (Steps is { } steps)
            html.Append(
                CultureInfo.InvariantCulture,
                $"<progress max=\"{steps}\" value=\"{Math.Min(Step, steps)}\" style=\"width:100%\" aria-label=\"{TrainingTexts.StepsDone}\"></progress>");
        html.Append(
            CultureInfo.InvariantCulture,
            $"<div style=\"font-size:13px;font-variant-numeric:tabular-nums\">{System.Net.WebUtility.HtmlEncode(ToString())}</div>");
        if (_reports.Count > 1) html.Append(Curve());
        return html.Append("</div>").ToString();
    }

    private void Show()
    {
        _shown = _time.GetTimestamp();
        _display.Update(this);
    }

    /// <summary>
    /// Draws the loss over the steps: training batches as a line, validation data as dots. The drawing is kept small,
    /// because it is replaced several times per second.
    /// </summary>
    private string Curve()
    {
        var right = Math.Max(1, Steps ?? Step);
        var top = _reports.Max(report => report.Loss);
        if (!(top > 0) || !double.IsFinite(top)) return "";
        string Point(StepReport report) => string.Create(
            CultureInfo.InvariantCulture,
            $"{(double)report.Step / right * Width:F1},{Height - (report.Loss / top * (Height - 8)):F1}");
        var batches = _reports.Where(report => !report.IsValidation).ToList();
        var every = 1 + (batches.Count / MaxPoints);
        var line = string.Join(' ', batches.Where((_, index) => index % every == 0 || index == batches.Count - 1).Select(Point));
        var dots = string.Concat(_reports.Where(report => report.IsValidation).Select(report =>
            $"<circle cx=\"{Point(report).Replace(",", "\" cy=\"", StringComparison.Ordinal)}\" r=\"3\" fill=\"#d6336c\" stroke=\"#d6336c\" stroke-width=\"2\" style=\"{FixedStroke}\"/>"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"<div style=\"display:flex;justify-content:space-between;gap:8px;font-size:12px\"><span>{top:G3}</span><span>{TrainingTexts.Loss} <span style=\"color:#1c7ed6\">— {ChartTexts.TrainingBatch}</span> <span style=\"color:#d6336c\">● {ChartTexts.Validation}</span></span></div>"
            + $"<svg viewBox=\"0 0 {Width} {Height + 2}\" width=\"100%\" role=\"img\" aria-label=\"{TrainingTexts.LossOverSteps}\" style=\"display:block\"><path d=\"M0 0V{Height}H{Width}\" fill=\"none\" stroke=\"currentColor\" opacity=\".4\"/><polyline points=\"{line}\" fill=\"none\" stroke=\"#1c7ed6\" stroke-width=\"1.5\" style=\"{FixedStroke}\"/>{dots}</svg><div style=\"text-align:right;font-size:12px\">{TrainingTexts.Step.With(right)}</div>");
    }
}
