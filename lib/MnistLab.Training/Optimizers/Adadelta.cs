using System.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MnistLab.Training.Optimizers;

/// <summary>
/// Implements Adadelta, which scales the step of each weight by the magnitude of its recent steps. For each weight w
/// with gradient g, learning rate η, and weight decay λ:
/// <code>
/// g ← g + λ·w
/// s ← ρ·s + (1 − ρ)·g²                (from s = 0)
/// d ← √(a + ε) / √(s + ε) · g
/// a ← ρ·a + (1 − ρ)·d²                (from a = 0)
/// w ← w − η·d
/// </code>
/// </summary>
/// <remarks>
/// Computes the same as TorchSharp's optimizer of the same name, up to rounding, and loads and saves the same state.
/// Parameters must be float32 and on the CPU. Source: M. Zeiler, "ADADELTA: An Adaptive Learning Rate Method", 2012.
/// </remarks>
public sealed class Adadelta : TorchSharp.Modules.Adadelta
{
    /// <summary>Initializes the optimizer.</summary>
    /// <param name="parameters">The parameters to update.</param>
    /// <param name="learningRate">The learning rate η, at least 0.</param>
    /// <param name="rho">The decay rate ρ of the moving averages of squares, in [0, 1].</param>
    /// <param name="epsilon">The number ε that keeps the first step from being zero, at least 0.</param>
    /// <param name="weightDecay">The weight decay λ, at least 0.</param>
    /// <exception cref="ArgumentException">An argument is out of range.</exception>
    public Adadelta(
        IEnumerable<Parameter> parameters,
        double learningRate = 1,
        double rho = 0.9,
        double epsilon = 1e-6,
        double weightDecay = 0)
        : base([.. parameters], learningRate, rho, epsilon, weightDecay)
    {
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The options of the group enable <c>maximize</c>.</exception>
    public override void add_param_group(TorchSharp.Modules.ParamGroup param_group)
    {
        base.add_param_group(param_group);
        Unsupported.ThrowIf(((Options)param_group.Options).maximize == true, "maximize");
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
                options.LearningRate!.Value, options.rho!.Value, options.eps!.Value, options.weight_decay!.Value);
            foreach (var parameter in group.Parameters)
            {
                using var gradient = parameter.grad;
                if (gradient is null) continue;
                var state = (State)_state[parameter.Handle];
                FusedUpdate.Apply(parameter, gradient, rule, state.square_avg, state.acc_delta);
            }
        },
        closure);

    private readonly struct Rule(double rate, double rho, double epsilon, double decay) : IUpdateRule
    {
        private readonly Vector<float> _rate = new((float)-rate);
        private readonly Vector<float> _rho = new((float)rho);
        private readonly Vector<float> _new = new((float)(1 - rho));
        private readonly Vector<float> _epsilon = new((float)epsilon);
        private readonly Vector<float> _decay = new((float)decay);

        public static int Memories => 2;

        public void Update(
            ref Vector<float> weight, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second)
        {
            gradient = Vector.FusedMultiplyAdd(weight, _decay, gradient);
            first = Vector.FusedMultiplyAdd(gradient * gradient, _new, first * _rho);
            var delta = Vector.SquareRoot(second + _epsilon) / Vector.SquareRoot(first + _epsilon) * gradient;
            second = Vector.FusedMultiplyAdd(delta * delta, _new, second * _rho);
            weight = Vector.FusedMultiplyAdd(delta, _rate, weight);
        }
    }
}
