namespace MnistLab.Data.Datasets;

/// <summary>Specifies the role of one of the four files of a dataset.</summary>
public enum DatasetFileRole
{
    /// <summary>The training images.</summary>
    TrainImages,

    /// <summary>The labels of the training images.</summary>
    TrainLabels,

    /// <summary>The test images.</summary>
    TestImages,

    /// <summary>The labels of the test images.</summary>
    TestLabels,
}
