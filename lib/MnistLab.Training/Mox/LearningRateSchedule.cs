namespace MnistLab.Training;

/// <summary>The learning rate of each step.</summary>
public sealed class LearningRateSchedule
{
    private readonly Func<long, double> _at;

    private LearningRateSchedule(Func<long, double> at) => _at = at;

    /// <summary>The learning rate of a step, counted from 0.</summary>
    public double At(long step) => _at(step);

    /// <summary>The same rate at every step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not positive and finite.</exception>
    public static LearningRateSchedule Constant(double rate)
    {
        ThrowIfNotPositive(rate);
        return new LearningRateSchedule(_ => rate);
    }

    /// <summary>
    /// One cycle: from peak/25 up to the peak, then down to peak/250,000, each along half a cosine
    /// (L. Smith and N. Topin, "Super-Convergence", 2018; the factors are PyTorch's defaults).
    /// </summary>
    /// <param name="peak">The highest rate.</param>
    /// <param name="steps">The length of the cycle; beyond it the rate stays at its end.</param>
    /// <param name="warmUp">The share of the steps before the peak, in (0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static LearningRateSchedule OneCycle(double peak, long steps, double warmUp = 0.25)
    {
        ThrowIfNotPositive(peak);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(warmUp, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(warmUp, 1);
        double top = warmUp * (steps - 1);
        return new LearningRateSchedule(step => step <= top
            ? HalfCosine(peak / 25, peak, top == 0 ? 1 : step / top)
            : HalfCosine(peak, peak / 250_000, Math.Min(1, (step - top) / (steps - 1 - top))));
    }

    private static double HalfCosine(double from, double to, double share) => to + ((from - to) * (1 + Math.Cos(Math.PI * share)) / 2);

    private static void ThrowIfNotPositive(double rate)
    {
        if (!double.IsFinite(rate) || rate <= 0)
            throw new ArgumentOutOfRangeException("learningRate", rate, "A learning rate is a positive, finite number, such as 0.01.");
    }
}
