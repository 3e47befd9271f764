namespace MnistLab.Models;

/// <summary>Why a model package cannot be used.</summary>
public enum ModelImportError
{
    /// <summary>There is nothing at the address, or no <c>model/</c> below it.</summary>
    NotFound,

    /// <summary>The address is that of <c>model/</c> itself; what is imported is the prefix that holds it.</summary>
    ModelFolderItself,

    /// <summary>There is no <c>config.json</c>.</summary>
    ConfigMissing,

    /// <summary>There is a <c>config.json</c>, but not directly in <c>model/</c>, or more than one.</summary>
    ConfigMisplaced,

    /// <summary><c>config.json</c> cannot be read, or a field of it is missing or wrong.</summary>
    ConfigMalformed,

    /// <summary>There is no inference code.</summary>
    InferenceCodeMissing,

    /// <summary>There is more than one file of inference code.</summary>
    InferenceCodeAmbiguous,

    /// <summary>The inference code does not compile, or has not exactly one public class that derives from <see cref="CustomService"/>.</summary>
    InferenceCodeInvalid,

    /// <summary>There is no <c>model.onnx</c>.</summary>
    ModelMissing,

    /// <summary><c>model.onnx</c> is no ONNX model.</summary>
    ModelMalformed,

    /// <summary>The model uses an operator, or a version of the operators, that the runtime does not have.</summary>
    UnknownOperator,

    /// <summary>The model's input or output is not that of a digit model.</summary>
    ModelMismatch,

    /// <summary>A trial prediction failed.</summary>
    ProbeFailed,

    /// <summary>A file of a registered version is missing, or is not the one that was imported.</summary>
    Damaged,

    /// <summary>The version was not published: its import failed or has not ended.</summary>
    NotPublished,

    /// <summary>This machine cannot hold a copy of the package while it is being checked.</summary>
    NoSpace,
}
