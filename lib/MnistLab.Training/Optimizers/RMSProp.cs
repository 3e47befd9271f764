using System.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MnistLab.Training.Optimizers;

/// <summary>
/// Implements RMSProp, which divides gradients by the root of the moving average of their squares. For each weight w
/// with gradient g, learning rate η, and weight decay λ:
/// <code>
/// g ← g + λ·w
/// s ← α·s + (1 − α)·g²     (from s = 0)
/// w ← w − η·g / (√s + ε)
/// </code>
/// </summary>
/// <remarks>
/// Computes the same as TorchSharp's optimizer of the same name, up to rounding, and loads and saves the same state.
/// Parameters must be float32 and on the CPU. Source: G. Hinton, "Neural Networks for Machine Learning", lecture 6e,
/// 2012.
/// </remarks>
public sealed class RMSProp : TorchSharp.Modules.RMSProp
{
    /// <summary>Initializes the optimizer.</summary>
    /// <param name="parameters">The parameters to update.</param>
    /// <param name="learningRate">The learning rate η, at least 0.</param>
    /// <param name="alpha">The decay rate α of the moving average of squared gradients, at least 0.</param>
    /// <param name="epsilon">The number ε that keeps the denominator positive, at least 0.</param>
    /// <param name="weightDecay">The weight decay λ, at least 0.</param>
    /// <exception cref="ArgumentException">An argument is negative.</exception>
    public RMSProp(
        IEnumerable<Parameter> parameters,
        double learningRate = 0.001,
        double alpha = 0.99,
        double epsilon = 1e-8,
        double weightDecay = 0)
        : base([.. parameters], learningRate, alpha, epsilon, weightDecay)
    {
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">
    /// The options of the group set <c>momentum</c>, <c>centered</c>, or <c>maximize</c>.
    /// </exception>
    public override void add_param_group(TorchSharp.Modules.ParamGroup param_group)
    {
        base.add_param_group(param_group);
        var options = (Options)param_group.Options;
        Unsupported.ThrowIf(options.momentum != 0, "momentum");
        Unsupported.ThrowIf(options.centered == true, "centered");
        Unsupported.ThrowIf(options.maximize == true, "maximize");
    }

    /// <summary>Releases the gradients of all parameters.</summary>
    public override void zero_grad() => FusedUpdate.ReleaseGradients(parameters());

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">
    /// A parameter is not float32, not on the CPU, or not contiguous.
    /// </exception>
    public override Tensor? step(Func<Tensor>? closure = null) => _step<ParamGroup>(
        group =>
        {
            var options = group.Options;
            var rule = new Rule(
                options.LearningRate!.Value, options.alpha!.Value, options.eps!.Value, options.weight_decay!.Value);
            foreach (var parameter in group.Parameters)
            {
                using var gradient = parameter.grad;
                if (gradient is null) continue;
                var state = (State)_state[parameter.Handle];
                state.step++;
                FusedUpdate.Apply(parameter, gradient, rule, state.square_avg);
            }
        },
        closure);

    private readonly struct Rule(double rate, double alpha, double epsilon, double decay) : IUpdateRule
    {
        private readonly Vector<float> _rate = new((float)-rate);
        private readonly Vector<float> _alpha = new((float)alpha);
        private readonly Vector<float> _new = new((float)(1 - alpha));
        private readonly Vector<float> _epsilon = new((float)epsilon);
        private readonly Vector<float> _decay = new((float)decay);

        public static int Memories => 1;

        public void Update(
            ref Vector<float> weight, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second)
        {
            gradient = Vector.FusedMultiplyAdd(weight, _decay, gradient);
            first = Vector.FusedMultiplyAdd(gradient * gradient, _new, first * _alpha);
            weight += _rate * gradient / (Vector.SquareRoot(first) + _epsilon);
        }
    }
}
