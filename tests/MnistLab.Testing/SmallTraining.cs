using MnistLab.Data.Datasets;
using MnistLab.Data.Workspaces;
using MnistLab.Storage;
using MnistLab.Training;
using MnistLab.Training.Inputs;
using MnistLab.Training.Results;

namespace MnistLab.Testing;

/// <summary>
/// Provides a short training run and its model package, for tests of what comes after training. Compiled into the
/// projects that use it, so that the others need not load TorchSharp.
/// </summary>
internal static class SmallTraining
{
    /// <summary>The output of the training: the package is in its <c>model/</c>.</summary>
    public static ObjectUrl Output { get; } = ObjectUrl.Parse("s3://bucket/log/V0001/");

    /// <summary>The bundled sample.</summary>
    public static MnistDataset Digits { get; } = MnistDataset.Load(Workspace.Find().SampleFolder);

    /// <summary>Trains a softmax regression on the sample: 300 steps, in a fraction of a second.</summary>
    public static Task<ObjectUrl> SaveSoftmaxAsync(IObjectStore store, ObjectUrl? output = null) =>
        SaveAsync(store, Digits, ModelPreset.Softmax, steps: 300, Mox.GetOptimizerFn("sgd", 0.1), output: output);

    /// <summary>Trains a preset, and saves the model package.</summary>
    /// <param name="store">The store.</param>
    /// <param name="data">The images to train on and to test with.</param>
    /// <param name="preset">The preset.</param>
    /// <param name="steps">The number of steps.</param>
    /// <param name="optimizer">The optimizer; that of the preset if null.</param>
    /// <param name="augmentation">The augmentation; none if null.</param>
    /// <param name="output">The output; <see cref="Output"/> if null.</param>
    /// <returns>The output.</returns>
    public static async Task<ObjectUrl> SaveAsync(
        IObjectStore store,
        MnistDataset data,
        ModelPreset preset,
        long steps,
        OptimizerFn? optimizer = null,
        AffineAugmentation? augmentation = null,
        ObjectUrl? output = null)
    {
        output ??= Output;
        await store.CreateBucketAsync(output.Bucket);
        var run = Mox.Run(
            _ => data.Train,
            _ => ModelSpec.Classifier(preset.CreateNetwork(data.Train.Kind)),
            optimizer ?? preset.OptimizerFor(steps),
            batchSize: preset.BatchSize,
            maxNumberOfSteps: steps,
            augmentation: augmentation,
            log: TextWriter.Null);
        using var network = run.Network;
        var manifest = new TrainingManifest(
            preset.Model,
            0,
            new Dictionary<string, string>(),
            new Dictionary<string, string>(),
            run.Steps,
            1,
            new Dictionary<string, double>());
        await ModelPackage.SaveAsync(
            store,
            output,
            network,
            Evaluation.Compute(network, data.Test),
            manifest,
            Path.Combine(Workspace.Find().Root, "notebooks", "codes", "customize_service.cs"));
        return output;
    }
}
