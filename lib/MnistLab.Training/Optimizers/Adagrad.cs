using System.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MnistLab.Training.Optimizers;

/// <summary>
/// Implements Adagrad, which divides the step of each weight by the root of the sum of its squared gradients. For each
/// weight w with gradient g, learning rate η, and weight decay λ:
/// <code>
/// g ← g + λ·w
/// s ← s + g²              (from s = 0)
/// w ← w − η·g / (√s + ε)
/// </code>
/// </summary>
/// <remarks>
/// Computes the same as TorchSharp's optimizer of the same name, up to rounding, and loads and saves the same state.
/// Parameters must be float32 and on the CPU. Source: J. Duchi and others, "Adaptive Subgradient Methods for Online
/// Learning and Stochastic Optimization", 2011.
/// </remarks>
public sealed class Adagrad : TorchSharp.Modules.Adagrad
{
    /// <summary>Initializes the optimizer.</summary>
    /// <param name="parameters">The parameters to update.</param>
    /// <param name="learningRate">The learning rate η, at least 0.</param>
    /// <param name="weightDecay">The weight decay λ, at least 0.</param>
    /// <param name="epsilon">The number ε that keeps the denominator positive, at least 0.</param>
    /// <exception cref="ArgumentException">An argument is negative.</exception>
    public Adagrad(
        IEnumerable<Parameter> parameters, double learningRate = 0.01, double weightDecay = 0, double epsilon = 1e-10)
        : base([.. parameters], learningRate, weight_decay: weightDecay, eps: epsilon)
    {
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">
    /// The options of the group set <c>lr_decay</c> or <c>initial_accumulator_value</c>.
    /// </exception>
    public override void add_param_group(TorchSharp.Modules.ParamGroup param_group)
    {
        // TorchSharp would initialize the sums from a scalar that it does not keep alive, so the base class gets no
        // parameters and sets only the options.
        Parameter[] parameters = [.. param_group.Parameters];
        param_group.Parameters = [];
        base.add_param_group(param_group);
        param_group.Parameters = parameters;
        var options = (Options)param_group.Options;
        Unsupported.ThrowIf(options.lr_decay != 0, "lr_decay");
        Unsupported.ThrowIf(options.initial_accumulator_value != 0, "initial_accumulator_value");
        foreach (var parameter in parameters)
            _state[parameter.Handle] = new State(parameter) { sum = zeros_like(parameter).DetachFromDisposeScope() };
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
            var rule = new Rule((float)options.LearningRate!, (float)options.weight_decay!, (float)options.eps!);
            foreach (var parameter in group.Parameters)
            {
                using var gradient = parameter.grad;
                if (gradient is null) continue;
                var state = (State)_state[parameter.Handle];
                state.step++;
                FusedUpdate.Apply(parameter, gradient, rule, state.sum);
            }
        },
        closure);

    private readonly struct Rule(float rate, float decay, float epsilon) : IUpdateRule
    {
        private readonly Vector<float> _rate = new(-rate);
        private readonly Vector<float> _decay = new(decay);
        private readonly Vector<float> _epsilon = new(epsilon);

        public static int Memories => 1;

        public void Update(
            ref Vector<float> weight, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second)
        {
            gradient = Vector.FusedMultiplyAdd(weight, _decay, gradient);
            first = Vector.FusedMultiplyAdd(gradient, gradient, first);
            weight += _rate * gradient / (Vector.SquareRoot(first) + _epsilon);
        }
    }
}
