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

    // A network keeps all cores busy by itself: several cursors would multiply the memory and gain nothing. ML.NET's row mappers split a set of one
    // into several, filling ten batches of 128 rows before a row is served; beside a cursor without rows it is read by one thread, at most five of
    // its batches ahead.
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        bool[] active = binding.Active(columns);
        if (!binding.AnyOutput(active))
        {
            return [.. source.GetRowCursorSet(binding.Needed(active), n, rand).Select(input => Wrap(input, active))];
        }
        DataViewRowCursor computing = Wrap(source.GetRowCursor(binding.Needed(active), rand), active);
        return n > 1 ? [computing, new EmptyDataView(transformer.Host, Schema).GetRowCursor(columns)] : [computing];
    }

    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => throw NotExported();

    void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx) => throw NotExported();

    // ML.NET saves the transformer, never the view.
    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)transformer).Save(ctx);

    private NotSupportedException NotExported() => new(
        $"A {transformer.GetType().Name} cannot be converted to ONNX. Convert the parts of the pipeline before it or behind it for themselves.");

    // The source's cursor belongs to what is made of it, and has no other owner where nothing comes of it.
    private DataViewRowCursor Wrap(DataViewRowCursor input, bool[] active)
    {
        try
        {
            return binding.AnyOutput(active) ? new WindowCursor(transformer, binding, input, active) : new PassThroughCursor(binding, input, active);
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }
}
