using MLNet.Transformers.Models.Vectors;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MLNet.Transformers.Models.Checkpoints;

/// <summary>Fills a network's parameters from a checkpoint: whatever is missing or does not fit, and is not listed by the head as optional, is one error with all of it.</summary>
internal static class CheckpointLoader
{
    /// <param name="model">The network; its parameters lie where they are to stay.</param>
    /// <param name="source">The checkpoint's tensors.</param>
    /// <param name="mayAdd">
    /// Beginnings of names, second names included, that are initialised where the checkpoint lacks them; empty: nothing may be added.
    /// </param>
    /// <param name="replace">Beginnings of names that are initialised whatever the checkpoint holds.</param>
    /// <param name="seed">Seed of what is initialised.</param>
    /// <param name="strict">Whether tensors that no network of the architecture has are an error too, instead of a line of the report.</param>
    /// <param name="packing">How matrices are kept, of a network that writes: see <see cref="TaskModel.Unpack"/>.</param>
    /// <exception cref="CheckpointException">Tensors are missing, of another shape, of a type that is not computed with, or hold NaN or infinity.</exception>
    public static LoadReport Load(
        TaskModel model, ITensorSource source, IReadOnlyList<string> mayAdd, IReadOnlyList<string> replace, int seed, bool strict = false, MatrixPacking packing = MatrixPacking.None)
    {
        var plan = new LoadPlan(model, source, mayAdd, replace);
        plan.ThrowIfFaulty(source.Path, model.ClassName, strict);
        using (no_grad())
        {
            foreach ((string stored, Tensor target) in plan.Copies)
            {
                WeightMatrix? packed = packing != MatrixPacking.None && target is Parameter && target.device.type == DeviceType.CPU
                    ? Pack(model, source, stored, target, packing)
                    : null;
                if (packed is not null)
                {
                    model.Keep((Parameter)target, packed);
                }
                else
                {
                    source.CopyTo(stored, target);
                }
                if (!(packed?.IsFinite ?? TensorChecks.IsFinite(target)))
                {
                    throw new CheckpointException($"The tensor '{stored}' of '{source.Path}' holds NaN or infinity; the checkpoint is damaged or diverged in training.");
                }
            }
            foreach ((string name, Parameter parameter) in plan.Fresh)
            {
                WeightInitializer.Initialize(name, parameter, model.Architecture.Fresh(name, model.Config), seed);
            }
        }
        return new LoadReport([.. plan.Fresh.Select(item => item.Name)], plan.Ignored, plan.Unexpected);
    }

    // Of what is not packed in the file one tensor at a time is read.
    private static WeightMatrix? Pack(TaskModel model, ITensorSource source, string stored, Tensor target, MatrixPacking packing)
    {
        if (source.Pack(stored) is { } packed)
        {
            return packed;
        }
        if (packing == MatrixPacking.AsStored || target.dim() != 2)
        {
            return null;
        }
        using Tensor values = empty(target.shape, ScalarType.Float32);
        source.CopyTo(stored, values);
        bool tellsWords = ReferenceEquals(target, model.Backbone.TokenEmbedding) || model.HeadParameters.Any(item => ReferenceEquals(item.Parameter, target));
        return TensorChecks.IsFinite(values) ? PackedValues.Pack(values, fourBits: packing == MatrixPacking.Int4 && !tellsWords) : null;
    }
}
