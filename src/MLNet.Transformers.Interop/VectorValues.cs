using Microsoft.ML.Data;

namespace MLNet.Transformers.Interop;

/// <summary>Values as ML.NET's vectors hold them.</summary>
internal static class VectorValues
{
    /// <summary>Puts a copy of some values into a reader's vector, in whose memory there is room for them mostly.</summary>
    public static void Set<T>(ref VBuffer<T> vector, T[] values)
    {
        VBufferEditor<T> editor = VBufferEditor.Create(ref vector, values.Length);
        values.CopyTo(editor.Values);
        vector = editor.Commit();
    }
}
