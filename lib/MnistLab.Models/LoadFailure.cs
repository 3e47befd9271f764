using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;

namespace MnistLab.Models;

/// <summary>
/// Determines from ONNX Runtime's message, the only information that it provides, why a model cannot be loaded.
/// </summary>
internal static partial class LoadFailure
{
    public static ModelImportException Describe(OnnxRuntimeException exception, string file)
    {
        if (UnknownOperator().Match(exception.Message) is { Success: true } unknown)
            return new(
                ModelImportError.UnknownOperator,
                $"{file} uses the operator '{unknown.Groups["name"].Value}', which ONNX Runtime does not support. Export the model with standard operators (ai.onnx).",
                exception);
        if (UnknownVersion().Match(exception.Message) is { Success: true } version)
            return new(
                ModelImportError.UnknownOperator,
                $"{file} uses a version of ONNX that ONNX Runtime does not support ({version.Value}). Export the model with an older opset, such as 17.",
                exception);
        return new(
            ModelImportError.ModelMalformed,
            $"{file} is not a model that ONNX Runtime can load: {exception.Message} Export the model again.",
            exception);
    }

    [GeneratedRegex(@"(?:No Op registered for |Could not find an implementation for |Fatal error: )(?:[\w.]*:)?(?<name>\w+)(?:\(|\b)", RegexOptions.CultureInvariant)]
    private static partial Regex UnknownOperator();

    [GeneratedRegex(@"(?:Opset \d+ is under development|Unsupported model IR version[^.]*|Unknown model file format version[^.]*)", RegexOptions.CultureInvariant)]
    private static partial Regex UnknownVersion();
}
