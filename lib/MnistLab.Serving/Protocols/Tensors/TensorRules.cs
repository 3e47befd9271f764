using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Protocols.Tensors;

/// <summary>Validates the tensors of requests of the Open Inference Protocol, for REST and gRPC.</summary>
internal static class TensorRules
{
    /// <summary>The data type of the pixels.</summary>
    public const string DataType = "FP32";

    /// <summary>The maximum number of outputs that a request may select.</summary>
    public const int MaxOutputs = 16;

    /// <summary>The maximum length of a request's ID.</summary>
    public const int MaxIdLength = 1024;

    /// <summary>The maximum number of dimensions of a shape.</summary>
    public const int MaxDimensions = 8;

    /// <summary>Validates the name, data type, and shape of the input.</summary>
    /// <returns>The number of images in the input.</returns>
    /// <exception cref="RequestRejectedException">400: the name, data type, or shape does not match the model's
    /// input.</exception>
    public static int ValidateInput(string? name, string? dataType, int[]? shape)
    {
        if (name != ModelSignature.Input)
            throw TensorErrors.Malformed($"The model's only input is '{ModelSignature.Input}', not '{name}'.");
        ValidateDataType(dataType);
        return PictureShape.PicturesIn(shape ?? throw TensorErrors.Malformed($"The shape of '{ModelSignature.Input}' is missing."));
    }

    /// <exception cref="RequestRejectedException">400: the data type is not <see cref="DataType"/>.</exception>
    public static void ValidateDataType(string? dataType)
    {
        if (string.Equals(dataType, DataType, StringComparison.OrdinalIgnoreCase)) return;
        var hint = dataType == "BYTES" ? " Send pixels, or an image file in Base64 with the TensorFlow Serving protocol." : "";
        throw TensorErrors.Malformed($"The datatype of '{ModelSignature.Input}' must be {DataType}, not {dataType ?? "missing"}.{hint}");
    }

    /// <summary>Validates an output that a request selects.</summary>
    /// <param name="name">The name of the output.</param>
    /// <param name="isRepeated">Whether the request has already selected this output.</param>
    /// <returns>The name of the output.</returns>
    /// <exception cref="RequestRejectedException">400: the model has no such output, or the request selects it
    /// twice.</exception>
    public static string ValidateOutput(string? name, bool isRepeated)
    {
        if (name is null || !ModelSignature.Outputs.Contains(name))
            throw TensorErrors.Malformed($"The model has no output '{name}'; its outputs are {string.Join(", ", ModelSignature.Outputs)}.");
        return isRepeated ? throw TensorErrors.Malformed($"The output '{name}' is requested twice.") : name;
    }

    /// <exception cref="RequestRejectedException">400: the ID is longer than <see cref="MaxIdLength"/>
    /// characters.</exception>
    public static string ValidateId(string id) =>
        id.Length <= MaxIdLength ? id : throw TensorErrors.Malformed($"'id' has more than {MaxIdLength} characters.");
}
