using static TorchSharp.torch;

namespace MnistLab.Training.Inputs;

/// <summary>
/// Puts a network into evaluation mode. Disposing this value, for example after an exception, restores the previous
/// mode of each module.
/// </summary>
internal readonly struct EvaluationMode : IDisposable
{
    private readonly IReadOnlyList<(nn.Module Module, bool IsTraining)> _before;

    public EvaluationMode(nn.Module network)
    {
        // Parents first, because changing a module's mode changes the modes of its children.
        _before = [(network, network.training), .. network.named_modules().Select(item => (item.module, item.module.training))];
        network.eval();
    }

    public void Dispose()
    {
        foreach (var (module, isTraining) in _before)
        {
            if (module.training != isTraining) module.train(isTraining);
        }
    }
}
