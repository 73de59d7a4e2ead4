using System.Runtime.Intrinsics;
using MLNet.Transformers.Models.Nn;

namespace MLNet.Transformers.Models.Vectors;

/// <summary>The layer of LLaMA and of the networks built like it, of one token: self-attention, then a gated part, each behind a normalisation and added to what came in.</summary>
/// <param name="work">Where the token is.</param>
/// <param name="attentionNorm">Before the attention.</param>
/// <param name="attention">The attention.</param>
/// <param name="gateNorm">Before the gated part.</param>
/// <param name="gate">The gated part.</param>
internal sealed unsafe class GatedVectorLayer(
    VectorWorkspace work, VectorNorm attentionNorm, VectorAttention attention, VectorNorm gateNorm, VectorGate gate) : IVectorLayer
{
    /// <summary>What is applied to the attention's result before it is added (GLM-4-0414).</summary>
    public VectorNorm? AttendedNorm { get; init; }

    /// <summary>What is applied to the gated part's result before it is added (GLM-4-0414).</summary>
    public VectorNorm? GatedNorm { get; init; }

    public void Take(LayerCache read) => attention.Take(read);

    public void Forward(VectorStep step)
    {
        attentionNorm.Forward(work.Hidden, work.Normed);
        attention.Forward(step);
        Add(AttendedNorm);
        gateNorm.Forward(work.Hidden, work.Normed);
        gate.Forward(step);
        Add(GatedNorm);
    }

    public void Dispose() => attention.Dispose();

    private void Add(VectorNorm? norm)
    {
        norm?.Forward(work.Added, work.Added);
        float* hidden = work.Hidden.Pointer, added = work.Added.Pointer;
        for (int i = 0; i < work.Hidden.Length; i += 16)
        {
            (Vector512.Load(hidden + i) + Vector512.Load(added + i)).Store(hidden + i);
        }
    }
}
