using System.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MnistLab.Training.Optimizers;

/// <summary>
/// Implements stochastic gradient descent, with or without momentum. For each weight w with gradient g, learning rate
/// η, momentum μ, and weight decay λ:
/// <code>
/// g ← g + λ·w
/// v ← μ·v + g      (only with momentum, from v = 0; without it, v is g)
/// w ← w − η·v
/// </code>
/// </summary>
/// <remarks>
/// Computes the same as TorchSharp's optimizer of the same name, up to rounding, and loads and saves the same state.
/// Parameters must be float32 and on the CPU. Source: I. Sutskever and others, "On the importance of initialization and
/// momentum in deep learning", 2013.
/// </remarks>
public sealed class SGD : TorchSharp.Modules.SGD
{
    /// <summary>Initializes the optimizer.</summary>
    /// <param name="parameters">The parameters to update.</param>
    /// <param name="learningRate">The learning rate η, at least 0.</param>
    /// <param name="momentum">
    /// The momentum μ, the fraction of the previous update that each update keeps, at least 0; usually 0.9.
    /// </param>
    /// <param name="weightDecay">The weight decay λ, at least 0.</param>
    /// <exception cref="ArgumentException">An argument is negative.</exception>
    public SGD(IEnumerable<Parameter> parameters, double learningRate, double momentum = 0, double weightDecay = 0)
        : base([.. parameters], learningRate, momentum, weight_decay: weightDecay)
    {
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">
    /// The options of the group set <c>dampening</c>, <c>nesterov</c>, or <c>maximize</c>.
    /// </exception>
    public override void add_param_group(TorchSharp.Modules.ParamGroup param_group)
    {
        base.add_param_group(param_group);
        var options = (Options)param_group.Options;
        Unsupported.ThrowIf(options.dampening != 0, "dampening");
        Unsupported.ThrowIf(options.nesterov == true, "nesterov");
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
            var (rate, decay) = ((float)options.LearningRate!, (float)options.weight_decay!);
            var momentum = (float)options.momentum!;
            foreach (var parameter in group.Parameters)
            {
                using var gradient = parameter.grad;
                if (gradient is null) continue;
                if (momentum == 0)
                {
                    FusedUpdate.Apply(parameter, gradient, new PlainRule(rate, decay));
                    continue;
                }

                var state = (State)_state[parameter.Handle];
                state.momentum_buffer ??= zeros_like(parameter).DetachFromDisposeScope();
                FusedUpdate.Apply(parameter, gradient, new MomentumRule(rate, decay, momentum), state.momentum_buffer);
            }
        },
        closure);

    private readonly struct PlainRule(float rate, float decay) : IUpdateRule
    {
        private readonly Vector<float> _rate = new(-rate);
        private readonly Vector<float> _decay = new(decay);

        public static int Memories => 0;

        public void Update(
            ref Vector<float> weight, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second) =>
            weight = Vector.FusedMultiplyAdd(Vector.FusedMultiplyAdd(weight, _decay, gradient), _rate, weight);
    }

    private readonly struct MomentumRule(float rate, float decay, float momentum) : IUpdateRule
    {
        private readonly Vector<float> _rate = new(-rate);
        private readonly Vector<float> _decay = new(decay);
        private readonly Vector<float> _momentum = new(momentum);

        public static int Memories => 1;

        public void Update(
            ref Vector<float> weight, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second)
        {
            first = (first * _momentum) + Vector.FusedMultiplyAdd(weight, _decay, gradient);
            weight = Vector.FusedMultiplyAdd(first, _rate, weight);
        }
    }
}
