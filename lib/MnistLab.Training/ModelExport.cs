using System.Globalization;
using MnistLab.Hosting;
using MnistLab.Training.Onnx;

namespace MnistLab.Training;

/// <summary>
/// Exports models for serving. Each export creates a new version, numbered from 1; the highest number is the newest.
/// </summary>
internal static class ModelExport
{
    /// <summary>
    /// Writes <c>model.onnx</c> to the folder of the next version, which appears only once it is complete.
    /// </summary>
    /// <returns>The version's folder.</returns>
    public static string Write(string folder, ModelSpec model)
    {
        Directory.CreateDirectory(folder);
        var version = 1 + Directory.EnumerateDirectories(folder).Select(VersionOf).DefaultIfEmpty().Max();
        var target = Path.Combine(folder, version.ToString(CultureInfo.InvariantCulture));
        AtomicFolder.Create(target, incoming =>
            File.WriteAllBytes(Path.Combine(incoming, "model.onnx"), OnnxExporter.Export(model.Network, "model", model.Layers)));
        return target;
    }

    private static int VersionOf(string folder) =>
        int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
