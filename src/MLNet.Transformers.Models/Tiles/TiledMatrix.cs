using MLNet.Transformers.Models.Runtime;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Tiles;

/// <summary>A layer x·Wᵀ + b with its weights as <see cref="Tile"/> reads them: in panels of columns that lie side by side, the last filled up with zeros.</summary>
internal sealed unsafe class TiledMatrix : IDisposable
{
    private readonly NativeBuffer _values;
    private readonly NativeBuffer? _bias;

    /// <param name="weight">(outputs, inputs), float32, on the CPU.</param>
    /// <param name="bias">(outputs), or null.</param>
    public TiledMatrix(Tensor weight, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        (Outputs, Inputs) = ((int)weight.shape[0], (int)weight.shape[1]);
        _values = new NativeBuffer((long)Panels * Inputs * Tile.Columns * sizeof(float));
        float* from = TensorMemory.Float32(weight.contiguous());
        for (int panel = 0; panel < Panels; panel++)
        {
            float* to = Panel(panel);
            int columns = Math.Min(Tile.Columns, Outputs - (panel * Tile.Columns));
            for (int column = 0; column < columns; column++)
            {
                float* row = from + ((((long)panel * Tile.Columns) + column) * Inputs);
                for (int i = 0; i < Inputs; i++)
                {
                    to[((long)i * Tile.Columns) + column] = row[i];
                }
            }
        }
        if (bias is not null)
        {
            _bias = new NativeBuffer((long)Panels * Tile.Columns * sizeof(float));
            new Span<float>(TensorMemory.Float32(bias.contiguous()), Outputs).CopyTo(new Span<float>(_bias.Pointer, Outputs));
        }
    }

    public int Inputs { get; }

    public int Outputs { get; }

    /// <summary>Panels of <see cref="Tile.Columns"/> outputs.</summary>
    public int Panels => (Outputs + Tile.Columns - 1) / Tile.Columns;

    /// <summary>The outputs of a panel, in vectors of sixteen.</summary>
    public int Lanes(int panel) => (Math.Min(Tile.Columns, Outputs - (panel * Tile.Columns)) + Tile.Lanes - 1) / Tile.Lanes;

    public float* Panel(int panel) => (float*)_values.Pointer + ((long)panel * Inputs * Tile.Columns);

    /// <summary>What is added to a panel's outputs; null: nothing.</summary>
    public float* Bias(int panel) => _bias is null ? null : (float*)_bias.Pointer + (panel * Tile.Columns);

    public void Dispose()
    {
        _values.Dispose();
        _bias?.Dispose();
    }
}
