using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Glm;

/// <summary>Rows of numbers as tensors.</summary>
internal static class NestedLists
{
    /// <param name="rows">Equally long rows.</param>
    /// <param name="device">Where the tensor is to lie; null: CPU.</param>
    /// <returns>int64, (rows, columns).</returns>
    public static Tensor ToTensor(this int[][] rows, Device? device) =>
        tensor([.. rows.SelectMany(row => row).Select(number => (long)number)], [rows.Length, rows[0].Length], device: device);

    /// <param name="planes">Equally many, equally long rows.</param>
    /// <param name="device">Where the tensor is to lie; null: CPU.</param>
    /// <returns>int64, (planes, rows, columns).</returns>
    public static Tensor ToTensor(this int[][][] planes, Device? device) => stack([.. planes.Select(plane => plane.ToTensor(device))], 0);
}
