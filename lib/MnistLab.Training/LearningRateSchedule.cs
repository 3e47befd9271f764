using System.Globalization;
using System.Text.RegularExpressions;
using MnistLab.Hosting;

namespace MnistLab.Training;

/// <summary>Represents a learning-rate schedule: the learning rate of each step.</summary>
public sealed partial class LearningRateSchedule
{
    private readonly Func<long, double> _at;

    private LearningRateSchedule(Func<long, double> at) => _at = at;

    /// <summary>Returns the learning rate of a step, counted from 0.</summary>
    public double At(long step) => _at(step);

    /// <summary>Returns a schedule with the same rate at every step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not positive and finite.</exception>
    public static LearningRateSchedule Constant(double rate)
    {
        RequirePositive(rate, "learningRate");
        return new LearningRateSchedule(_ => rate);
    }

    /// <summary>
    /// Returns a one-cycle schedule: from peak/25 up to the peak, then down to peak/250,000, each along half a cosine
    /// (L. Smith and N. Topin, "Super-Convergence", 2018; the factors are PyTorch's defaults).
    /// </summary>
    /// <param name="peak">The maximum rate.</param>
    /// <param name="steps">The length of the cycle, at least 1; after it, the rate stays at its final value.</param>
    /// <param name="warmUp">The fraction of the steps before the peak, in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    public static LearningRateSchedule OneCycle(double peak, long steps, double warmUp = 0.25)
    {
        RequirePositive(peak, "learningRate");
        NumberRange.RequireAtLeast(steps, 1);
        NumberRange.Validate(warmUp is > 0 and < 1, warmUp, "a number between 0 and 1");
        double top = warmUp * (steps - 1);
        return new LearningRateSchedule(step => step <= top
            ? HalfCosine(peak / 25, peak, top == 0 ? 1 : step / top)
            : HalfCosine(peak, peak / 250_000, Math.Min(1, (step - top) / (steps - 1 - top))));
    }

    /// <summary>
    /// Parses a schedule in MoXing's notation. For example, <c>5:0.1->0.4,10:0.4=>0.8,15:0.8,20:0.08</c> changes the
    /// rate linearly from 0.1 to 0.4 until epoch 5, exponentially from 0.4 to 0.8 until epoch 10, and keeps it at 0.8
    /// until epoch 15 and at 0.08 until epoch 20. After the last epoch, the rate stays at its final value.
    /// </summary>
    /// <param name="text">
    /// Comma-separated pieces. Epochs increase from piece to piece and may be fractional; rates are positive.
    /// </param>
    /// <param name="stepsPerEpoch">
    /// The number of steps per epoch, positive: the size of the training set divided by the batch size.
    /// </param>
    /// <exception cref="FormatException">
    /// A piece is malformed; the message quotes it and states the expected format.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="stepsPerEpoch"/> is not positive and finite.
    /// </exception>
    public static LearningRateSchedule Parse(string text, double stepsPerEpoch)
    {
        ArgumentNullException.ThrowIfNull(text);
        NumberRange.Validate(stepsPerEpoch > 0 && double.IsFinite(stepsPerEpoch), stepsPerEpoch, "a positive number");
        var pieces = new List<Piece>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var start = pieces.Count == 0 ? 0 : pieces[^1].End;
            var match = PieceText().Match(part);
            if (!match.Success || !TryRate(match.Groups["from"].Value, out var from) || !TryRate(
                match.Groups["to"] is { Success: true } to ? to.Value : match.Groups["from"].Value, out var until)
                || !double.TryParse(match.Groups["epoch"].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var end))
            {
                throw new FormatException(
                    $"'{part}' in the learning rate '{text}' is not valid. Write epoch:rate, epoch:from->to (linear) or epoch:from=>to (exponential), with positive rates, such as 5:0.1->0.4,10:0.01.");
            }

            end *= stepsPerEpoch;
            if (end <= start)
                throw new FormatException(
                    $"'{part}' in the learning rate '{text}' does not end after the piece before it. Epochs must increase.");
            pieces.Add(new Piece(start, end, from, until, match.Groups["how"].Value == "=>"));
        }

        return new LearningRateSchedule(step => (pieces.Find(piece => step < piece.End) ?? pieces[^1]).At(step));
    }

    private static bool TryRate(string text, out double rate) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out rate) && double.IsFinite(rate) && rate > 0;

    private static double HalfCosine(double from, double to, double share) => to + ((from - to) * (1 + Math.Cos(Math.PI * share)) / 2);

    private static void RequirePositive(double rate, string name) =>
        NumberRange.Validate(rate > 0 && double.IsFinite(rate), rate, "a positive, finite number, such as 0.01", name);

    [GeneratedRegex(@"\A(?<epoch>[\d.]+)\s*:\s*(?<from>[^\s=>-]+(?:[eE]-\d+)?)(?:\s*(?<how>->|=>)\s*(?<to>\S+))?\z")]
    private static partial Regex PieceText();

    /// <summary>
    /// A piece of the schedule: from step <paramref name="Start"/> to <paramref name="End"/>, exclusive.
    /// </summary>
    private sealed record Piece(double Start, double End, double From, double To, bool IsExponential)
    {
        public double At(double step)
        {
            var share = Math.Min(1, (step - Start) / (End - Start));
            return IsExponential ? From * Math.Pow(To / From, share) : From + ((To - From) * share);
        }
    }
}
