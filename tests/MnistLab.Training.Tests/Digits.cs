using MnistLab.Data.Datasets;
using MnistLab.Data.Workspaces;

namespace MnistLab.Training.Tests;

/// <summary>Provides the bundled sample, which is read once: 4,000 training and 1,000 test digits.</summary>
internal static class Digits
{
    private static readonly Lazy<MnistDataset> Lazy = new(() => MnistDataset.Load(Workspace.Find().SampleFolder));

    public static MnistDataset Sample => Lazy.Value;

    /// <summary>Gets a hundred training digits, for tests that need only some digits.</summary>
    public static ImageDataset Few => Sample.Train.Subset([.. Enumerable.Range(0, 100).Select(i => i * Sample.Train.Count / 100)]);
}
