using static TorchSharp.torch;

namespace MnistLab.Training.Inputs;

/// <summary>
/// Puts a network into evaluation mode. Disposing it, also after an exception, puts each module back into the mode it was in.
/// </summary>
internal readonly struct EvaluationMode : IDisposable
{
    private readonly IReadOnlyList<(nn.Module Module, bool IsTraining)> _before;

    public EvaluationMode(nn.Module network)
    {
        // Parents first: changing a module's mode changes those in it.
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
