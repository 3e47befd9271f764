using System.Numerics;

namespace MnistLab.Training.Optimizers;

/// <summary>
/// Implements the update rule of <see cref="Adam"/> and <see cref="AdamW"/>, which differ in whether weight decay is
/// applied to the gradient or to the weight.
/// </summary>
internal readonly struct AdamRule : IUpdateRule
{
    private readonly Vector<float> _kept;
    private readonly Vector<float> _decay;
    private readonly Vector<float> _beta1;
    private readonly Vector<float> _new1;
    private readonly Vector<float> _beta2;
    private readonly Vector<float> _new2;
    private readonly Vector<float> _epsilon;
    private readonly Vector<float> _rate;

    /// <summary>Initializes the rule for one step.</summary>
    /// <param name="step">The number of the step, from 1.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="beta1">The decay rate of the moving average of gradients.</param>
    /// <param name="beta2">The decay rate of the moving average of squared gradients.</param>
    /// <param name="epsilon">The number that keeps the denominator positive.</param>
    /// <param name="gradientDecay">The weight decay that is added to the gradient.</param>
    /// <param name="weightDecay">The weight decay that is applied to the weight.</param>
    public AdamRule(
        long step, double rate, double beta1, double beta2, double epsilon, double gradientDecay, double weightDecay)
    {
        _kept = new((float)(1 - (rate * weightDecay)));
        _decay = new((float)gradientDecay);
        (_beta1, _new1) = (new((float)beta1), new((float)(1 - beta1)));
        (_beta2, _new2) = (new((float)beta2), new((float)(1 - beta2)));
        // Multiplying the numerator and the denominator of the formula by this number saves a division per weight.
        var correction = Math.Sqrt(1 - Math.Pow(beta2, step));
        _epsilon = new((float)(epsilon * correction));
        _rate = new((float)(-rate * correction / (1 - Math.Pow(beta1, step))));
    }

    public static int Memories => 2;

    public void Update(
        ref Vector<float> weight, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second)
    {
        weight *= _kept;
        gradient = Vector.FusedMultiplyAdd(weight, _decay, gradient);
        first = Vector.FusedMultiplyAdd(gradient, _new1, first * _beta1);
        second = Vector.FusedMultiplyAdd(gradient * gradient, _new2, second * _beta2);
        weight += _rate * first / (Vector.SquareRoot(second) + _epsilon);
    }
}
