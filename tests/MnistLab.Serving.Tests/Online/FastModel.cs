using MnistLab.Storage.Folders;
using MnistLab.Testing;
using MnistLab.Training;
using MnistLab.Training.Inputs;

[assembly: AssemblyFixture(typeof(MnistLab.Serving.Tests.FastModel))]

namespace MnistLab.Serving.Tests;

/// <summary>
/// Represents the package of a model that was trained briefly but recognizes digits: preset fast, 400 steps on the
/// sample.
/// </summary>
public sealed class FastModel : IAsyncLifetime
{
    public const string Name = "digits";

    private readonly TemporaryFolder _folder = new();

    public string Package => _folder["obs/bucket/log/V0001/model"];

    public async ValueTask InitializeAsync() => await SmallTraining.SaveAsync(
        new FolderObjectStore(_folder["obs"]),
        SmallTraining.Digits,
        ModelPreset.Fast,
        steps: 400,
        augmentation: new AffineAugmentation(0.5));

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
