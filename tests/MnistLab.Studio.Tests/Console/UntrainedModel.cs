using MnistLab.Data.Datasets;
using MnistLab.Data.Workspaces;
using MnistLab.Notebooks;
using MnistLab.Storage;
using MnistLab.Training;
using MnistLab.Training.Results;

namespace MnistLab.Studio.Tests.Console;

/// <summary>A model package like that of a training job, without the time that training takes.</summary>
internal static class UntrainedModel
{
    /// <summary>Writes the package below an address.</summary>
    public static async Task SaveAsync(Lab lab, ObjectUrl output)
    {
        var workspace = Workspace.Find(AppContext.BaseDirectory);
        var test = MnistDataset.Load(workspace.SampleFolder).Test.Subset([.. Enumerable.Range(0, 50)]);
        using var network = ModelPresets.Default.Find("softmax").CreateModel().Network;
        var manifest = new TrainingManifest(
            "softmax", 0, new Dictionary<string, string>(), new Dictionary<string, string>(), 0, 0, new Dictionary<string, double>());
        var code = Path.Combine(workspace.Root, "notebooks", "codes", "customize_service.cs");
        await ModelPackage.SaveAsync(lab.Store, output, network, Evaluation.Of(network, test), manifest, code);
    }
}
