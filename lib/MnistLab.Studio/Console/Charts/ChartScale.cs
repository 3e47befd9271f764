namespace MnistLab.Studio.Console.Charts;

/// <summary>Represents an axis: round limits around values, and the ticks between them.</summary>
/// <param name="Low">The lower limit.</param>
/// <param name="High">The upper limit, above the lower one.</param>
/// <param name="Step">The distance between ticks.</param>
internal readonly record struct ChartScale(double Low, double High, double Step)
{
    private const int MaxTicks = 5;

    /// <summary>Gets the ticks, from the lower limit to the upper one.</summary>
    public IEnumerable<double> Ticks
    {
        get
        {
            var (low, step, count) = (Low, Step, (int)Math.Round((High - Low) / Step));
            return Enumerable.Range(0, count + 1).Select(index => low + (index * step));
        }
    }

    /// <summary>Creates an axis for values between a minimum and a maximum.</summary>
    public static ChartScale Around(double least, double most)
    {
        var span = Math.Max(most - least, Math.Max(Math.Abs(most) * 0.02, 1e-6));
        var magnitude = Math.Pow(10, Math.Floor(Math.Log10(span / MaxTicks)));
        var step = new[] { 1, 2, 5, 10 }.Select(factor => factor * magnitude).First(size => span / size <= MaxTicks);
        var (low, high) = (Math.Floor(least / step) * step, Math.Ceiling(most / step) * step);
        return new ChartScale(low, high > low ? high : low + step, step);
    }

    /// <summary>Returns the relative position of a value, from 0 at the lower limit to 1 at the upper one.</summary>
    public double At(double value) => (value - Low) / (High - Low);
}
