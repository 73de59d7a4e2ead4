using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;

namespace MLNet.Transformers.Interop;

/// <summary>The lazy result of a transformer: its cursor reads a window of rows ahead, computes them together, and serves them in order.</summary>
/// <remarks>
/// ML.NET's export to ONNX walks such views back to the source. One that does not say that it is a transform counts as the source, its columns as
/// inputs of the graph; one that says that it cannot be exported is passed over with a line in the log.
/// </remarks>
internal sealed class BatchedDataView(RowTransformer transformer, ColumnBinding binding, IDataView source) : ITransformCanSaveOnnx
{
    IDataView IDataTransform.Source => source;

    public DataViewSchema Schema => binding.Output;

    public bool CanShuffle => source.CanShuffle;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        bool[] active = binding.Active(columnsNeeded);
        return Wrap(source.GetRowCursor(binding.Needed(active), rand), active);
    }

    // A network keeps all cores busy by itself: several cursors would multiply the memory and gain nothing. The contract allows fewer than n.
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        bool[] active = binding.Active(columnsNeeded);
        return binding.AnyOutput(active)
            ? [Wrap(source.GetRowCursor(binding.Needed(active), rand), active)]
            : [.. source.GetRowCursorSet(binding.Needed(active), n, rand).Select(input => Wrap(input, active))];
    }

    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => throw NotExported();

    void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx) => throw NotExported();

    // ML.NET saves the transformer, never the view.
    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)transformer).Save(ctx);

    private NotSupportedException NotExported() => new(
        $"A {transformer.GetType().Name} cannot be converted to ONNX. Convert the parts of the pipeline before it or behind it for themselves.");

    private DataViewRowCursor Wrap(DataViewRowCursor input, bool[] active) => binding.AnyOutput(active)
        ? new WindowCursor(transformer, binding, input, active)
        : new PassThroughCursor(binding, input, active);
}
