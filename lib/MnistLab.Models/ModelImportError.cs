namespace MnistLab.Models;

/// <summary>Specifies why a model package cannot be used.</summary>
public enum ModelImportError
{
    /// <summary>There are no objects at the location, or there is no <c>model/</c> below it.</summary>
    NotFound,

    /// <summary>The location is <c>model/</c> itself instead of the prefix that contains it.</summary>
    ModelFolderItself,

    /// <summary><c>config.json</c> is missing.</summary>
    ConfigMissing,

    /// <summary><c>config.json</c> is not directly in <c>model/</c>, or there is more than one.</summary>
    ConfigMisplaced,

    /// <summary><c>config.json</c> cannot be read, or one of its fields is missing or invalid.</summary>
    ConfigMalformed,

    /// <summary>The inference code is missing.</summary>
    InferenceCodeMissing,

    /// <summary>There is more than one file of inference code.</summary>
    InferenceCodeAmbiguous,

    /// <summary>
    /// The inference code does not compile, or does not have exactly one public class that derives from
    /// <see cref="CustomService"/>.
    /// </summary>
    InferenceCodeInvalid,

    /// <summary><c>model.onnx</c> is missing.</summary>
    ModelMissing,

    /// <summary><c>model.onnx</c> is not a valid ONNX model.</summary>
    ModelMalformed,

    /// <summary>The model uses an operator, or a version of ONNX, that the runtime does not support.</summary>
    UnknownOperator,

    /// <summary>The input or output of the model is not that of a digit model.</summary>
    ModelMismatch,

    /// <summary>The trial prediction failed.</summary>
    ProbeFailed,

    /// <summary>A file of a registered version is missing or was modified.</summary>
    Damaged,

    /// <summary>The version is not published: its import failed or has not finished.</summary>
    NotPublished,

    /// <summary>There is not enough disk space on this machine to validate the package.</summary>
    NoSpace,
}
