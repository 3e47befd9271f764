using System.Globalization;
using MnistLab.Training.Onnx;

namespace MnistLab.Training;

/// <summary>Writes models for serving, each export to a version of its own: the highest number is the newest.</summary>
internal static class ModelExport
{
    /// <summary>Writes <c>model.onnx</c> to the next version's folder, which appears when it is complete.</summary>
    /// <returns>The version's folder.</returns>
    public static string Write(string folder, ModelSpec model)
    {
        Directory.CreateDirectory(folder);
        var version = 1 + Directory.EnumerateDirectories(folder).Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).DefaultIfEmpty().Max();
        var temporary = Directory.CreateDirectory(Path.Combine(folder, $".{Guid.NewGuid():N}.new")).FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(temporary, "model.onnx"), OnnxExporter.Export(model.Network, "model", model.Layers));
            var target = Path.Combine(folder, version.ToString(CultureInfo.InvariantCulture));
            Directory.Move(temporary, target);
            return target;
        }
        catch
        {
            Directory.Delete(temporary, recursive: true);
            throw;
        }
    }
}
