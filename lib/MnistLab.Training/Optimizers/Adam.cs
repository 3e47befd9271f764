using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MnistLab.Training.Optimizers;

/// <summary>
/// Implements Adam, which adapts the step size of each weight to the moving averages of its gradients and of their
/// squares. For each weight w with gradient g, in step t, with learning rate η and weight decay λ:
/// <code>
/// g ← g + λ·w
/// m ← β₁·m + (1 − β₁)·g      (from m = 0)
/// v ← β₂·v + (1 − β₂)·g²     (from v = 0)
/// w ← w − η / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
/// </code>
/// </summary>
/// <remarks>
/// Computes the same as TorchSharp's optimizer of the same name, up to rounding, and loads and saves the same state.
/// Parameters must be float32 and on the CPU. Source: D. Kingma and J. Ba, "Adam: A Method for Stochastic
/// Optimization", 2015.
/// </remarks>
public sealed class Adam : TorchSharp.Modules.Adam
{
    /// <summary>Initializes the optimizer.</summary>
    /// <param name="parameters">The parameters to update.</param>
    /// <param name="learningRate">The learning rate η, at least 0.</param>
    /// <param name="beta1">The decay rate β₁ of the moving average of gradients, in [0, 1).</param>
    /// <param name="beta2">The decay rate β₂ of the moving average of squared gradients, in [0, 1).</param>
    /// <param name="epsilon">The number ε that keeps the denominator positive, at least 0.</param>
    /// <param name="weightDecay">The weight decay λ, at least 0.</param>
    /// <exception cref="ArgumentException">An argument is out of range.</exception>
    public Adam(
        IEnumerable<Parameter> parameters,
        double learningRate = 0.001,
        double beta1 = 0.9,
        double beta2 = 0.999,
        double epsilon = 1e-8,
        double weightDecay = 0)
        : base([.. parameters], learningRate, beta1, beta2, epsilon, weightDecay)
    {
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">
    /// The options of the group enable <c>amsgrad</c> or <c>maximize</c>.
    /// </exception>
    public override void add_param_group(TorchSharp.Modules.ParamGroup param_group)
    {
        base.add_param_group(param_group);
        var options = (Options)param_group.Options;
        Unsupported.ThrowIf(options.amsgrad == true, "amsgrad");
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
            foreach (var parameter in group.Parameters)
            {
                using var gradient = parameter.grad;
                if (gradient is null) continue;
                var state = (State)_state[parameter.Handle];
                state.step++;
                var rule = new AdamRule(
                    state.step,
                    options.LearningRate!.Value,
                    options.beta1!.Value,
                    options.beta2!.Value,
                    options.eps!.Value,
                    gradientDecay: options.weight_decay!.Value,
                    weightDecay: 0);
                FusedUpdate.Apply(parameter, gradient, rule, state.exp_avg, state.exp_avg_sq);
            }
        },
        closure);
}
