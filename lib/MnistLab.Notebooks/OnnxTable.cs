using Microsoft.Data.Analysis;
using MnistLab.Training.Onnx;

namespace MnistLab.Notebooks;

/// <summary>An ONNX model as a table.</summary>
public static class OnnxTable
{
    /// <summary>A row per step, in the order of computation: <c>operator</c>, <c>takes</c>, <c>gives</c>, and how many <c>weights</c> it has.</summary>
    /// <param name="graph">The model's graph.</param>
    public static DataFrame Of(OnnxGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return new DataFrame(
            new StringDataFrameColumn("operator", graph.Nodes.Select(node => node.Operator)),
            new StringDataFrameColumn("takes", graph.Nodes.Select(node => string.Join(", ", node.Inputs))),
            new StringDataFrameColumn("gives", graph.Nodes.Select(node => node.Output)),
            new Int64DataFrameColumn("weights", graph.Nodes.Select(node => node.Parameters)));
    }
}
