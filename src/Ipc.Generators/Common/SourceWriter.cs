using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace Ipc.Generators.Common;

/// <summary>Writes emitted code with indentation; line ends are always <c>\n</c>, whatever the machine.</summary>
internal sealed class SourceWriter
{
    private const int SpacesPerLevel = 4;
    private readonly StringBuilder _text = new();

    /// <summary>The level of indentation, from 0.</summary>
    public int Indentation { get; set; }

    /// <summary>Writes one or several lines, each indented.</summary>
    public void WriteLine(string text)
    {
        int start = 0;
        while (true)
        {
            int end = text.IndexOf('\n', start);
            string line = (end < 0 ? text.Substring(start) : text.Substring(start, end - start)).TrimEnd('\r');
            if (line.Length > 0)
            {
                // A preprocessor line is legal anywhere, but reads best at the margin.
                _text.Append(' ', line[0] == '#' ? 0 : Indentation * SpacesPerLevel).Append(line);
            }

            _text.Append('\n');
            if (end < 0)
            {
                return;
            }

            start = end + 1;
        }
    }

    public void WriteLine() => _text.Append('\n');

    /// <summary>Writes one line without its end, indented.</summary>
    public void Write(string text) => _text.Append(' ', Indentation * SpacesPerLevel).Append(text);

    /// <summary>Ends a line that <see cref="Write"/> has begun.</summary>
    /// <param name="text">What stands at its end.</param>
    public void EndLine(string text) => _text.Append(text).Append('\n');

    /// <summary>Writes an opening brace and indents.</summary>
    public void Open()
    {
        WriteLine("{");
        Indentation++;
    }

    /// <summary>Goes back one level and writes a closing brace.</summary>
    /// <param name="after">What follows the brace, for example <c>;</c>.</param>
    public void Close(string after = "")
    {
        Indentation--;
        WriteLine("}" + after);
    }

    public SourceText ToSourceText() => SourceText.From(_text.ToString(), Encoding.UTF8);

    public override string ToString() => _text.ToString();
}
